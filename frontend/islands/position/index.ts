// "Take the present position": fills lat, lon and accuracy of the form around. They can be typed as well.

import type { Mount } from '../../shared/island'
import { say } from '../../shared/words'

export const mount: Mount<unknown> = (element) => {
  const form = element.closest('form') ?? document.querySelector('form.sh-form')
  const said = element.querySelector('[role=status]')
  const fill = (name: string, value: number, places: number): void => {
    const field = form?.querySelector<HTMLInputElement>(`[name=${name}]`)
    if (!field) return
    field.value = value.toFixed(places)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  element.querySelector('button')?.addEventListener('click', () => {
    if (said) said.textContent = say('locating')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill('lat', coords.latitude, 6)
        fill('lon', coords.longitude, 6)
        fill('accuracy', coords.accuracy, 0)
        if (said) said.textContent = say('located')
      },
      () => {
        if (said) said.textContent = say('notLocated')
      },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 0 },
    )
  })
}
