const YEAR = 365 * 24 * 3600

/** Light or dark. The cookie lets the server render the chosen one, so that no page flashes. */
export function setUpTheme(): void {
  const root = document.documentElement
  if (root.hasAttribute('data-theme-unset') && matchMedia('(prefers-color-scheme: dark)').matches) apply('dark')
  printOnWhite(root)
  document.addEventListener('click', (event) => {
    if (!(event.target as Element).closest('[data-toggle-theme]')) return
    apply(root.dataset['bsTheme'] === 'dark' ? 'light' : 'dark')
  })
}

function apply(theme: 'light' | 'dark'): void {
  document.documentElement.dataset['bsTheme'] = theme
  document.cookie = `shian_theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`
  document.dispatchEvent(new CustomEvent('shian:theme'))
}

/** Paper is white: charts and maps are drawn in light colours for it, and as they were after it. */
function printOnWhite(root: HTMLElement): void {
  let before = ''
  const draw = (theme: string): void => {
    root.dataset['bsTheme'] = theme
    document.dispatchEvent(new CustomEvent('shian:theme'))
  }
  addEventListener('beforeprint', () => {
    before = root.dataset['bsTheme'] ?? 'light'
    if (before === 'dark') draw('light')
  })
  addEventListener('afterprint', () => {
    if (before === 'dark') draw('dark')
  })
}
