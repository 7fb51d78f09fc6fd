import type { GeoJSONSource, Map, StyleSpecification } from 'maplibre-gl'

import { token } from '../../shared/tokens'

export function emptyStyle(): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': token('sunken') } }],
  }
}

export function addLayers(map: Map, areas: GeoJSON.FeatureCollection, names: GeoJSON.FeatureCollection): void {
  map.addSource('areas', { type: 'geojson', data: areas })
  map.addSource('names', { type: 'geojson', data: names })
  map.addLayer({
    id: 'areas',
    type: 'fill',
    source: 'areas',
    paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.75 },
  })
  map.addLayer({
    id: 'borders',
    type: 'line',
    source: 'areas',
    paint: { 'line-color': token('surface'), 'line-width': 1.5 },
  })
  map.addLayer({
    id: 'names',
    type: 'symbol',
    source: 'names',
    layout: {
      'text-field': ['get', 'name'],
      'text-size': 13,
      'text-font': ['sans'],
      'text-max-width': 7,
      'text-padding': 1,
      'text-variable-anchor': ['center', 'left', 'right', 'top', 'bottom'], // a name in the way steps aside
      'text-radial-offset': 0.6,
      'symbol-sort-key': ['get', 'rank'],
    },
    paint: { 'text-color': token('text'), 'text-halo-color': token('surface'), 'text-halo-width': 2 },
  })
}

/** Puts the colours of the present theme on a map that stands. */
export function paint(map: Map, areas: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>('areas')?.setData(areas)
  map.setPaintProperty('ground', 'background-color', token('sunken'))
  map.setPaintProperty('borders', 'line-color', token('surface'))
  map.setPaintProperty('names', 'text-color', token('text'))
  map.setPaintProperty('names', 'text-halo-color', token('surface'))
}
