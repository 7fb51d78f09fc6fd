// Checks as a file: everything that is not sent, with its photos, encrypted under a passphrase. The file goes where the
// phone cannot: it holds findings that may be secret, so there is no way to write it in the clear.
//
// SHIANQ1\n | salt (16) | iv (12) | AES-256-GCM of: length of the head (4, big endian) | head (JSON) | photos, one after another

import { type App, draftsIn, itemsIn } from './app'
import type { Draft, Item, Photo } from './records'
import type { Vault } from './vault'

const MAGIC = 'SHIANQ1\n'
const ROUNDS = 600_000 // PBKDF2-SHA-256

interface Head {
  user: number
  drafts: Draft[]
  items: Item[]
}

export class WrongPassphrase extends Error {}
export class AnothersFile extends Error {}

export interface Exported {
  blob: Blob
  count: number
}

/** What is not sent yet and the drafts; nothing is removed. */
export async function exported(vault: Vault, passphrase: string): Promise<Exported> {
  const items = (await itemsIn(vault)).filter((item) => item.state !== 'sent')
  const head: Head = { user: vault.user, drafts: await draftsIn(vault), items }
  const told = new TextEncoder().encode(JSON.stringify(head))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, told.byteLength)
  const photos = await Promise.all(photosIn(head).map((photo) => vault.bytes('photos', photo.id)))
  const plain = await new Blob([length, told, ...photos.map((bytes) => bytes ?? new ArrayBuffer(0))]).arrayBuffer()
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(passphrase, salt), plain)
  return { blob: new Blob([MAGIC, salt, iv, data]), count: head.drafts.length + head.items.length }
}

/** Takes up what is not here; what is here stays as it is. Throws WrongPassphrase, AnothersFile. */
export async function imported(app: App, file: Blob, passphrase: string): Promise<{ taken: number; known: number }> {
  const bytes = await opened(await file.arrayBuffer(), passphrase)
  const start = 4 + new DataView(bytes).getUint32(0)
  const head = JSON.parse(new TextDecoder().decode(bytes.slice(4, start))) as Head
  if (head.user !== app.vault.user) throw new AnothersFile()
  const here = new Set([...(await app.vault.ids('drafts')), ...(await app.vault.ids('queue'))])
  let [at, taken] = [start, 0]
  for (const [store, each] of entries(head)) {
    const photos = each.photos.map((photo) => ({ store: 'photos' as const, id: photo.id, value: bytes.slice(at, (at += photo.size)) }))
    if (here.has(each.id)) continue
    if (!(await app.save(...photos, { store, id: each.id, value: each }))) break
    taken += 1
  }
  app.changed()
  return { taken, known: head.drafts.length + head.items.length - taken }
}

function entries(head: Head): ['drafts' | 'queue', Draft | Item][] {
  return [...head.drafts.map((each) => ['drafts', each] as ['drafts', Draft]), ...head.items.map((each) => ['queue', each] as ['queue', Item])]
}

function photosIn(head: Head): Photo[] {
  return entries(head).flatMap(([, each]) => each.photos)
}

async function opened(bytes: ArrayBuffer, passphrase: string): Promise<ArrayBuffer> {
  const magic = new TextDecoder().decode(bytes.slice(0, MAGIC.length))
  if (magic !== MAGIC) throw new WrongPassphrase()
  const [salt, iv] = [new Uint8Array(bytes.slice(8, 24)), new Uint8Array(bytes.slice(24, 36))]
  try {
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await keyOf(passphrase, salt), bytes.slice(36))
  } catch {
    throw new WrongPassphrase()
  }
}

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
