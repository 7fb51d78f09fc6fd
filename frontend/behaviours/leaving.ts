/** form[data-leave-user] signs its user out. What the field portal keeps in this browser for that user goes with it,
 * after the reader agreed; the form is sent then. */
export function setUpLeaving(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const user = Number(form.dataset['leaveUser'])
    if (!user || !('databases' in indexedDB)) return
    event.preventDefault()
    void letGoOf(user).then((isAgreed) => isAgreed && form.submit())
  })
}

async function letGoOf(user: number): Promise<boolean> {
  const isHere = (await indexedDB.databases()).some(({ name }) => name === `shian-field-${user}`)
  return !isHere || (await import('../islands/field/leaving')).letGoOf(user)
}
