import type { MapProps } from './paint'

/** One point per area for its name: the middle of its largest part, larger areas first. */
export function labels(outlines: GeoJSON.FeatureCollection, props: MapProps): GeoJSON.FeatureCollection {
  const names = new Map(props.areas.map(({ key, name }) => [key, name]))
  return {
    type: 'FeatureCollection',
    features: outlines.features.flatMap(({ properties, geometry }) => {
      const ring = largestRing(geometry)
      if (!ring) return []
      const name = names.get(String(properties?.['key'] ?? '')) ?? String(properties?.['name'] ?? '')
      const point: GeoJSON.Point = { type: 'Point', coordinates: middle(ring) }
      return [{ type: 'Feature' as const, properties: { name, rank: -area(ring) }, geometry: point }]
    }),
  }
}

function largestRing(geometry: GeoJSON.Geometry): GeoJSON.Position[] | undefined {
  const parts = geometry.type === 'MultiPolygon' ? [...geometry.coordinates] : []
  if (geometry.type === 'Polygon') parts.push(geometry.coordinates)
  return parts.flatMap((part) => part.slice(0, 1)).sort((one, other) => area(other) - area(one))[0]
}

function area(ring: GeoJSON.Position[]): number {
  return Math.abs(turns(ring).reduce((sum, { cross }) => sum + cross, 0)) / 2
}

function middle(ring: GeoJSON.Position[]): GeoJSON.Position {
  let [x, y, all] = [0, 0, 0]
  for (const edge of turns(ring)) {
    x += edge.x * edge.cross
    y += edge.y * edge.cross
    all += edge.cross
  }
  return all ? [x / (3 * all), y / (3 * all)] : (ring[0] ?? [0, 0])
}

/** Each edge of the ring: the sum of its ends and their cross product. */
function turns(ring: GeoJSON.Position[]): { x: number; y: number; cross: number }[] {
  return ring.slice(1).map((to, index) => {
    const from = ring[index] ?? to
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [from[0], from[1], to[0], to[1]]
    return { x: x1 + x2, y: y1 + y2, cross: x1 * y2 - x2 * y1 }
  })
}
