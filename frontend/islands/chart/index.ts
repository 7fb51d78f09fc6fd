// One chart: bars, lines or horizontal bars, with the colours of the page and axis titles with units.
// Tooltips are drawn on the canvas (rich text): HTML ones would need style attributes, which the policy forbids.

import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

import './chart.css'
import type { Mount } from '../../shared/island'
import { optionOf, type ChartProps } from './option'

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

export const mount: Mount<ChartProps> = (element, props) => {
  element.style.height = `${heightOf(props)}px`
  const chart = init(element, null, { renderer: 'canvas' })
  const draw = (): void => {
    chart.setOption(optionOf(props, element.clientWidth), true)
    chart.getZr().flush() // now and not with the next frame: print does not wait for it
  }
  draw()
  new ResizeObserver(() => {
    chart.resize()
    draw()
  }).observe(element)
  document.addEventListener('shian:theme', draw)
  openOnClick(chart, props)
}

function heightOf(props: ChartProps): number {
  return props.kind === 'hbar' ? 72 + props.categories.length * (14 + 18 * props.series.length) : 264
}

function openOnClick(chart: EChartsType, props: ChartProps): void {
  if (!props.urls.length) return
  chart.on('click', (event) => {
    const url = props.urls[event.dataIndex ?? -1]
    if (url) location.assign(url)
  })
}
