const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** 64,098, as the server writes it; a dash for nothing. */
export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : plain.format(value)
}

/** 6.4 万, 1.2 亿: short enough for a circle on a map or an axis. */
export function shortNumber(value: number): string {
  const chinese = document.documentElement.lang.startsWith('zh')
  if (chinese && value >= 1e8) return `${plain.format(Math.round(value / 1e7) / 10)}亿`
  if (chinese && value >= 1e4) return `${plain.format(Math.round(value / 1e3) / 10)}万`
  return plain.format(value)
}
