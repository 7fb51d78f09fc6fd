// Colours of charts and maps come from the tokens of styles/tokens.css, so that light and dark stay one decision.

export type StateKey = 'done' | 'due' | 'overdue' | 'waiting' | 'neutral'

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--sh-${name}`).trim()
}

/** Fills are lighter than the text of a state: large areas in the text colour would shout. */
export function stateColour(state: string): string {
  return token(`${state === 'neutral' || state === '' ? 'waiting' : state}-fill`)
}

export function seriesColours(): string[] {
  return [1, 2, 3, 4, 5, 6, 7].map((n) => token(`series-${n}`))
}

export const font = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'
