// Points are counted on the server: each move asks for the grid of what is in view, never for all operators.

import { Popup, type ExpressionSpecification, type GeoJSONSource, type Map, type MapGeoJSONFeature } from 'maplibre-gl'

import { shortNumber } from '../../shared/format'
import { stateColour, token } from '../../shared/tokens'

export function followPoints(map: Map, url: string): void {
  map.addSource('points', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: 'points',
    type: 'circle',
    source: 'points',
    paint: {
      'circle-color': byState(),
      'circle-opacity': 0.9,
      'circle-stroke-color': token('surface'),
      'circle-stroke-width': 1.5,
      'circle-radius': ['interpolate', ['linear'], ['log10', ['max', 1, ['get', 'count']]], 0, 6, 1, 11, 4, 20],
    },
  })
  map.addLayer({
    id: 'counts',
    type: 'symbol',
    source: 'points',
    filter: ['>', ['get', 'count'], 1],
    layout: {
      'text-field': ['get', 'label'],
      'text-size': 11,
      'text-font': ['sans'],
      'text-allow-overlap': true,
      'text-padding': 9, // about the circle: the names of areas step aside
    },
    paint: { 'text-color': token('on-accent') },
  })
  const refresh = (): void => void load(map, url)
  map.on('moveend', refresh)
  openOnClick(map)
  refresh()
}

/** Points that say in which state they are take its colour; the legend and their lines say it in words. */
function byState(): ExpressionSpecification {
  const states = ['done', 'due', 'overdue', 'waiting', 'neutral']
  const colours = states.flatMap((state) => [state, stateColour(state)])
  return ['match', ['get', 'state'], ...colours, token('accent')] as unknown as ExpressionSpecification
}

async function load(map: Map, url: string): Promise<void> {
  const zoom = map.getZoom()
  const bbox = map.getBounds().toArray().flat().map((degree) => degree.toFixed(4)).join(',')
  const separator = url.includes('?') ? '&' : '?'
  const answer = await fetch(`${url}${separator}bbox=${bbox}&zoom=${zoom.toFixed(1)}`, { credentials: 'same-origin' })
  if (!answer.ok) return
  const points = (await answer.json()) as GeoJSON.FeatureCollection
  for (const { properties } of points.features) {
    if (properties) properties['label'] = shortNumber(Number(properties['count'] ?? 1))
  }
  map.getSource<GeoJSONSource>('points')?.setData(points)
}

function openOnClick(map: Map): void {
  map.on('click', 'points', (event) => {
    const properties = event.features?.[0]?.properties ?? {}
    const url: unknown = properties['url']
    const feature = event.features?.[0]
    if (feature && properties['lines']) describe(map, feature)
    else if (Number(properties['count']) > 1) map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2 })
    else if (typeof url === 'string' && url) location.assign(url)
  })
}

/** What a single point says of itself: photo, lines, the way to its record. */
function describe(map: Map, feature: MapGeoJSONFeature): void {
  const { name, lines, photo, url } = feature.properties as Record<string, string>
  const card = document.createElement('div')
  card.className = 'sh-map-card'
  if (photo) {
    const image = document.createElement('img')
    image.src = photo
    image.alt = name ?? ''
    card.append(image)
  }
  const link = document.createElement('a')
  link.href = url ?? ''
  link.textContent = name ?? ''
  const text = document.createElement('p')
  text.textContent = lines ?? ''
  card.append(link, text)
  const [longitude, latitude] = (feature.geometry as GeoJSON.Point).coordinates
  if (longitude === undefined || latitude === undefined) return
  new Popup({ className: 'sh-map-popup', maxWidth: '260px' }).setLngLat([longitude, latitude]).setDOMContent(card).addTo(map)
}
