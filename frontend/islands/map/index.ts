// A map without outside tiles: areas as polygons coloured by state or value, operators as counts from a server-side grid.
// The ranked table beside it always stays; without WebGL it is all there is.

import 'maplibre-gl/dist/maplibre-gl.css'
import { LngLatBounds, Map, NavigationControl, Popup, setWorkerUrl, type MapGeoJSONFeature } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

import './map.css'
import { formatNumber } from '../../shared/format'
import type { Mount } from '../../shared/island'
import { font } from '../../shared/tokens'
import { say, type Word } from '../../shared/words'
import { labels } from './labels'
import { drawLegend } from './legend'
import { addLayers, emptyStyle, paint } from './layers'
import { coloured, type MapProps } from './paint'
import { followPoints } from './points'

setWorkerUrl(workerUrl)

export const mount: Mount<MapProps> = async (element, props) => {
  const outlines = await fetchGeoJson(props.outlineUrl)
  if (!outlines.features.length) throw told(element, 'noOutlines')
  const canvas = document.createElement('div')
  canvas.className = 'sh-map-canvas'
  element.append(canvas)
  const map = open(element, canvas, props.bounds ? LngLatBounds.convert(props.bounds) : boundsOf(outlines))
  await new Promise<void>((resolve) => void map.once('load', () => resolve()))
  addLayers(map, coloured(outlines, props), labels(outlines, props))
  drawLegend(element, props)
  explain(map, props)
  if (props.pointsUrl) followPoints(map, props.pointsUrl)
  document.addEventListener('shian:theme', () => paint(map, coloured(outlines, props)))
  await new Promise<void>((resolve) => void map.once('idle', () => resolve())) // drawn: it answers clicks from now on
}

/** Says in the map's place why there is none. */
function told(element: HTMLElement, word: Word, cause?: unknown): Error {
  element.textContent = say(word)
  return new Error(say(word), { cause })
}

async function fetchGeoJson(url: string): Promise<GeoJSON.FeatureCollection> {
  const answer = await fetch(url, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return (await answer.json()) as GeoJSON.FeatureCollection
}

function open(element: HTMLElement, container: HTMLElement, bounds: LngLatBounds): Map {
  try {
    const map = new Map({
      container,
      style: emptyStyle(),
      bounds,
      fitBoundsOptions: { padding: { top: 24, left: 24, right: 24, bottom: 48 } }, // the legend stands below
      attributionControl: false,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // or the map prints empty
      dragRotate: false,
      pitchWithRotate: false,
      scrollZoom: true,
      cooperativeGestures: false,
      localIdeographFontFamily: font,
      locale: { 'NavigationControl.ZoomIn': say('zoomIn'), 'NavigationControl.ZoomOut': say('zoomOut') },
      maxZoom: 16,
    })
    map.touchZoomRotate.disableRotation()
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    return map
  } catch (error) {
    throw told(element, 'noMap', error)
  }
}

function boundsOf(outlines: GeoJSON.FeatureCollection): LngLatBounds {
  const bounds = new LngLatBounds()
  const visit = (part: unknown): void => {
    if (!Array.isArray(part)) return
    if (typeof part[0] === 'number') bounds.extend(part as [number, number])
    else part.forEach(visit)
  }
  for (const { geometry } of outlines.features) {
    if (geometry && 'coordinates' in geometry) visit(geometry.coordinates)
  }
  return bounds
}

/** Names the area under the pointer, and opens it with a click. */
function explain(map: Map, props: MapProps): void {
  const popup = new Popup({ closeButton: false, closeOnClick: false, className: 'sh-map-popup' })
  map.on('mousemove', 'areas', (event) => {
    const feature = event.features?.[0]
    if (!feature) return
    map.getCanvas().style.cursor = feature.properties['url'] ? 'pointer' : ''
    popup.setLngLat(event.lngLat).setText(caption(feature, props)).addTo(map)
  })
  map.on('mouseleave', 'areas', () => {
    map.getCanvas().style.cursor = ''
    popup.remove()
  })
  map.on('click', 'areas', (event) => {
    const url: unknown = event.features?.[0]?.properties['url']
    const onPoint = map.getLayer('points') && map.queryRenderedFeatures(event.point, { layers: ['points'] }).length
    if (typeof url === 'string' && url && !onPoint) location.assign(url)
  })
}

function caption({ properties }: MapGeoJSONFeature, props: MapProps): string {
  const value: unknown = properties['value']
  const text = typeof value === 'number' ? `${formatNumber(value)} ${props.unit}` : say('noValue')
  const drawn = properties['synthetic'] ? say('drawnLine') : ''
  return `${String(properties['name'] ?? '')}${drawn}  ${text}`
}
