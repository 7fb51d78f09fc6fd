// The contract of islands: the server renders <div data-island="chart" data-props="id"> and a JSON script with that id;
// frontend/islands/chart/index.ts exports mount(element, props). An island that fails leaves the HTML around it.

export type Mount<Props> = (element: HTMLElement, props: Props) => void | Promise<void>

type Module = { mount: Mount<unknown> }

const modules = import.meta.glob<Module>('../islands/*/index.ts')

export function mountIslands(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-island]:not([data-mounted])')) {
    element.dataset['mounted'] = ''
    void mountOne(element)
  }
}

async function mountOne(element: HTMLElement): Promise<void> {
  const name = element.dataset['island'] ?? ''
  const load = modules[`../islands/${name}/index.ts`]
  try {
    if (!load) throw new Error(`No island ${name}`)
    const island = await load()
    await island.mount(element, readProps(element))
    element.classList.add('is-ready')
  } catch (error) {
    console.warn(`Island ${name} failed; the table remains.`, error)
    element.classList.add('is-failed')
    // Its table opens, unless the same table stands beside it.
    element.closest('figure')?.querySelector('details:not([data-beside])')?.setAttribute('open', '')
  }
}

function readProps(element: HTMLElement): unknown {
  const source = document.getElementById(element.dataset['props'] ?? '')
  return source?.textContent ? JSON.parse(source.textContent) : {}
}
