import { stateColour, token } from '../../shared/tokens'

export type MapArea = { key: string; name: string; value: number | null; state: string; url: string }

export type MapProps = {
  title: string
  outlineUrl: string
  pointsUrl: string
  unit: string
  areas: MapArea[]
  bounds: [number, number, number, number] | null
  pointStates: { state: string; label: string }[]
}

const STEPS = 5

export function rampColours(): string[] {
  return Array.from({ length: STEPS }, (_, step) => token(`ramp-${step + 1}`))
}

export function isByState(props: MapProps): boolean {
  return props.areas.some((area) => area.state !== '')
}

export function range(props: MapProps): [number, number] {
  const values = props.areas.flatMap(({ value }) => (value === null ? [] : [value]))
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 0]
}

function colourOf(area: MapArea | undefined, props: MapProps): string {
  if (!area) return token('sunken')
  if (isByState(props)) return stateColour(area.state)
  if (area.value === null) return token('sunken')
  const [low, high] = range(props)
  const step = high > low ? Math.min(STEPS - 1, Math.floor(((area.value - low) / (high - low)) * STEPS)) : STEPS - 1
  return rampColours()[step] ?? token('sunken')
}

/** The outlines with name, value, address and colour of their area. */
export function coloured(outlines: GeoJSON.FeatureCollection, props: MapProps): GeoJSON.FeatureCollection {
  const byKey = new Map(props.areas.map((area) => [area.key, area]))
  return {
    type: 'FeatureCollection',
    features: outlines.features.map((feature) => {
      const area = byKey.get(String(feature.properties?.['key'] ?? ''))
      const own = area ? { name: area.name, value: area.value, url: area.url } : {}
      return { ...feature, properties: { ...feature.properties, ...own, colour: colourOf(area, props) } }
    }),
  }
}
