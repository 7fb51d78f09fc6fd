import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { EChartsCoreOption } from 'echarts/core'

import { formatNumber, shortNumber } from '../../shared/format'
import { font, seriesColours, stateColour, token } from '../../shared/tokens'
import { say } from '../../shared/words'

export type ChartProps = {
  kind: 'bar' | 'line' | 'hbar'
  title: string
  unit: string
  xTitle: string
  yTitle: string
  target: number | null
  categories: string[]
  series: { name: string; values: (number | null)[]; state: string }[]
  urls: string[]
  states: string[]
}

type Series = BarSeriesOption | LineSeriesOption

export function optionOf(props: ChartProps, width: number): EChartsCoreOption {
  const sideways = props.kind === 'hbar'
  const category = { ...categoryAxis(props), ...axisTitle(sideways ? props.yTitle : props.xTitle, sideways) }
  const value = { ...valueAxis(props), ...axisTitle(sideways ? props.xTitle : props.yTitle, !sideways) }
  return {
    animationDuration: 250,
    textStyle: { fontFamily: font, fontSize: 12, color: token('text-2') },
    color: seriesColours(),
    grid: { left: 8, right: rightEdge(props, width), top: 30, bottom: 4, outerBoundsMode: 'same' },
    legend: legendOf(props),
    tooltip: tooltipOf(props),
    xAxis: sideways ? value : category,
    yAxis: sideways ? { ...category, inverse: true, name: '' } : value,
    series: props.series.map((_, index) => seriesOf(props, index)),
  }
}

function rightEdge(props: ChartProps, width: number): number {
  if (props.kind === 'line') return width < 480 ? 60 : 84 // room for the direct labels
  return props.kind === 'hbar' ? 52 : 12
}

function legendOf(props: ChartProps): object {
  const needed = props.series.length > 1 && props.kind !== 'line'
  return { show: needed, top: 0, right: 0, itemWidth: 10, itemHeight: 10, icon: 'roundRect', textStyle: { color: token('text-2') } }
}

function tooltipOf(props: ChartProps): object {
  return {
    trigger: 'axis',
    renderMode: 'richText',
    axisPointer: { type: props.kind === 'line' ? 'line' : 'shadow' },
    backgroundColor: token('surface'),
    borderColor: token('line-strong'),
    textStyle: { color: token('text'), fontFamily: font, fontSize: 12 },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? `${formatNumber(value)} ${props.unit}` : say('noValue')),
  }
}

function categoryAxis(props: ChartProps): object {
  return {
    type: 'category',
    data: props.categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token('line-strong') } },
    axisLabel: { color: token('text-2'), hideOverlap: true },
  }
}

function valueAxis(props: ChartProps): object {
  return {
    type: 'value',
    scale: props.kind === 'line', // bars start at zero
    splitNumber: 4,
    splitLine: { lineStyle: { color: token('line') } },
    axisLabel: { color: token('text-2'), formatter: (value: number) => shortNumber(value) },
  }
}

function axisTitle(name: string, vertical: boolean): object {
  const nameTextStyle = { color: token('text-2'), align: vertical ? 'left' : 'center' }
  return vertical
    ? { name, nameLocation: 'end', nameGap: 12, nameTextStyle }
    : { name, nameLocation: 'middle', nameGap: 26, nameTextStyle }
}

function seriesOf(props: ChartProps, index: number): Series {
  const series = props.series[index]!
  const colour = series.state ? stateColour(series.state) : seriesColours()[index]!
  const markLine = index === 0 && props.target !== null ? targetLine(props) : undefined
  const shared = { name: series.name, ...(markLine ? { markLine } : {}) }
  return props.kind === 'line' ? lineOf(props, index, colour, shared) : barOf(props, index, colour, shared)
}

function lineOf(props: ChartProps, index: number, colour: string, shared: object): LineSeriesOption {
  return {
    ...shared,
    type: 'line',
    data: props.series[index]!.values,
    symbolSize: 5,
    showSymbol: props.categories.length <= 24,
    lineStyle: { width: 2, color: colour },
    itemStyle: { color: colour },
    endLabel: { show: true, formatter: '{a}', color: colour, fontFamily: font },
    labelLayout: { moveOverlap: 'shiftY' },
  }
}

function barOf(props: ChartProps, index: number, colour: string, shared: object): BarSeriesOption {
  const values = props.series[index]!.values
  const labelled = props.series.length === 1 && props.categories.length <= 24
  return {
    ...shared,
    type: 'bar',
    barMaxWidth: 28,
    itemStyle: { color: colour, borderRadius: props.kind === 'hbar' ? [0, 2, 2, 0] : [2, 2, 0, 0] },
    data: values.map((value, at) => {
      const state = props.series.length === 1 ? props.states[at] : ''
      return state ? { value: value ?? '-', itemStyle: { color: stateColour(state) } } : (value ?? '-')
    }),
    label: {
      show: labelled,
      position: props.kind === 'hbar' ? 'right' : 'top',
      color: token('text'),
      fontFamily: font,
      formatter: ({ value }) => (typeof value === 'number' ? formatNumber(value) : ''),
    },
  }
}

function targetLine(props: ChartProps): object {
  const value = props.target
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: token('text-2'), type: 'dashed', width: 1 },
    label: { formatter: `${say('target')} ${formatNumber(value)}`, position: 'insideStartTop', color: token('text-2') },
    data: [props.kind === 'hbar' ? { xAxis: value } : { yAxis: value }],
  }
}
