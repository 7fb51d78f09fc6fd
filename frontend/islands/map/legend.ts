import { formatNumber } from '../../shared/format'
import { stateColour } from '../../shared/tokens'
import { say, type Word } from '../../shared/words'
import { isByState, rampColours, range, type MapProps } from './paint'

const STATES = ['done', 'due', 'overdue', 'waiting'] as const satisfies readonly Word[]

/** What the colours mean, in words, in a corner of the map. */
export function drawLegend(element: HTMLElement, props: MapProps): void {
  const legend = document.createElement('div')
  legend.className = 'sh-map-legend'
  if (props.pointStates.length) {
    for (const { state, label } of props.pointStates) legend.append(entry(stateColour(state), label))
  } else if (isByState(props)) {
    for (const state of STATES) {
      if (props.areas.some((area) => area.state === state)) legend.append(entry(stateColour(state), say(state)))
    }
  } else if (props.areas.some((area) => area.value !== null)) {
    const [low, high] = range(props)
    const colours = rampColours()
    colours.forEach((colour, step) => {
      const isEdge = step === 0 || step === colours.length - 1
      legend.append(entry(colour, isEdge ? formatNumber(step === 0 ? low : high) : ''))
    })
  }
  if (legend.childElementCount) element.append(legend)
}

function entry(colour: string, label: string): HTMLElement {
  const row = document.createElement('span')
  const box = document.createElement('i')
  box.style.backgroundColor = colour
  row.append(box, label)
  return row
}
