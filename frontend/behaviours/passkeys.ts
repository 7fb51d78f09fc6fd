/** Passkeys: a browser without them does not offer them; whoever breaks off is told, instead of the console. */
export function setUpPasskeys(): void {
  if (!('PublicKeyCredential' in window)) {
    for (const offer of document.querySelectorAll<HTMLElement>('[data-passkey]')) offer.hidden = true
  }
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    for (const told of document.querySelectorAll<HTMLElement>('[data-passkey-error]')) told.hidden = false
  })
}
