/// <reference lib="webworker" />
// The service worker of pages that work without a network. It keeps one build of the page, whole: the shell and every file that it loads,
// in one cache that bears the build's name. What is personal never passes through here; nothing is posted from here.

export {}

interface Shell {
  build: string
  page: string
  home: string
  manifest: string
  files: string[]
  cache: string // what the names of this shell's caches begin with
  below: string // pages below lead home when there is no network; '' for none
}

declare const self: ServiceWorkerGlobalScope & { SHELL: Shell }

const { build, page, home, manifest, files, cache: PREFIX, below } = self.SHELL
const cacheName = PREFIX + build
const PATIENCE = 3000 // milliseconds that a weak network gets before the kept page is shown

self.addEventListener('install', (event) => event.waitUntil(keepAll()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting() // the reader asked for the new build
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && pathname === home) event.respondWith(shown(request))
  else if (request.mode === 'navigate' && below && pathname.startsWith(below)) event.respondWith(fetch(request).catch(() => Response.redirect(home)))
  else if (files.includes(pathname) || pathname === manifest) event.respondWith(kept(request, pathname))
})

/** All or nothing: a build that cannot be kept whole is not installed, and the former one stays. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName)
  const shell = await fetch(page, { cache: 'no-store' })
  if (!shell.ok || shell.redirected || shell.headers.get('X-Shian-Build') !== build) throw new Error('Another build')
  await cache.addAll([...files, manifest])
  await cache.put(home, shell)
}

async function takeOver(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== cacheName).map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** The page from the network, so that language and build are those of now; else the kept one. A session that is over is
 * no reason to lose the page: it asks for a sign-in itself. */
async function shown(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const former = await cache.match(home)
  if (!former) return fetch(request)
  const answer = await Promise.race([fetch(request).catch(() => null), after(PATIENCE)])
  if (answer === null || answer.type === 'opaqueredirect' || answer.status >= 500) return former
  if (answer.ok && answer.headers.get('X-Shian-Build') === build) await cache.put(home, answer.clone())
  return answer
}

async function kept(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(pathname)) ?? fetch(request)
}

function after(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds))
}
