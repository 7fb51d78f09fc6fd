// The proof of a sealed entry, recomputed from its bytes up to the signed checkpoint (docs/notary.md): nothing of what
// the server says about it is believed. Formats: RFC 9162 with SHA-256, C2SP signed-note and tlog-checkpoint.

import { joined, sha256 } from './sha256'

/** What `…/proof.json` holds; without `checkpoint` the entry still waits for its leaf. */
export interface Proof {
  entry: string
  salt: string
  leaf_data: string
  leaf?: number
  path?: string[]
  checkpoint?: string
  keys?: string[]
}

/** null: could not be tried here. */
export interface Outcome {
  leaf: boolean
  tree: boolean | null
  signature: boolean | null
  size: number
}

interface Checkpoint {
  origin: string
  size: number
  root: Uint8Array
  text: string
  signatures: { name: string; id: string; bytes: Uint8Array }[]
}

const HEX = /^(?:[0-9a-f]{2})*$/

/** Check the proof against these public keys (`name+id+base64`). Throws for what is no proof at all. */
export async function verify(proof: Proof, keys: string[]): Promise<Outcome> {
  const data = sha256(joined(bytesOfHex(proof.salt), new TextEncoder().encode(proof.entry)))
  const leaf = hexOf(data) === proof.leaf_data
  if (proof.checkpoint === undefined || proof.leaf === undefined) return { leaf, tree: null, signature: null, size: 0 }
  const head = readCheckpoint(proof.checkpoint)
  const root = rootByPath(data, proof.leaf, head.size, (proof.path ?? []).map(bytesOfHex))
  const tree = root !== null && hexOf(root) === hexOf(head.root)
  return { leaf, tree, signature: await isSigned(head, keys), size: head.size }
}

/** The root that an audit path leads to (RFC 9162 §2.1.3.2); null for a path that does not fit. */
export function rootByPath(data: Uint8Array, leaf: number, size: number, path: Uint8Array[]): Uint8Array | null {
  if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= size) return null
  let [at, last, root] = [leaf, size - 1, sha256(joined(Uint8Array.of(0), data))]
  for (const step of path) {
    if (last === 0) return null
    if (at % 2 === 1 || at === last) {
      root = sha256(joined(Uint8Array.of(1), step, root))
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else {
      root = sha256(joined(Uint8Array.of(1), root, step))
    }
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : null
}

/** SHA-256 digests that an entry names: those of the files that were sealed with it. */
export function filesNamed(entry: string): Set<string> {
  return new Set([...entry.matchAll(/"([0-9a-f]{64})"/g)].map(([, digest]) => digest ?? ''))
}

function readCheckpoint(note: string): Checkpoint {
  const end = note.indexOf('\n\n')
  const text = note.slice(0, end + 1)
  const [origin = '', size = '', root = ''] = text.split('\n')
  if (end < 0 || !/^(?:0|[1-9][0-9]{0,14})$/.test(size)) throw new Error('no checkpoint')
  const lines = [...note.slice(end + 2).matchAll(/^— (\S+) (\S+)$/gm)]
  const signatures = lines.map(([, name = '', encoded = '']) => {
    const bytes = bytesOfBase64(encoded)
    return { name, id: hexOf(bytes.slice(0, 4)), bytes: bytes.slice(4) }
  })
  return { origin, size: Number(size), root: bytesOfBase64(root), text, signatures }
}

/** Whether one of the keys, of the log's own name, signed the checkpoint; null where the browser cannot check Ed25519. */
async function isSigned(head: Checkpoint, keys: string[]): Promise<boolean | null> {
  let answer: boolean | null = false
  for (const key of keys.map(readKey)) {
    const signature = head.signatures.find((each) => each.name === key?.name && each.id === key.id)
    if (!key || !signature || key.name !== head.origin) continue
    const holds = await isSignature(key.bytes, signature.bytes, new TextEncoder().encode(head.text))
    if (holds) return true
    if (holds === null) answer = null
  }
  return answer
}

async function isSignature(key: Uint8Array, signature: Uint8Array, text: Uint8Array): Promise<boolean | null> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (!subtle) return null
  let imported: CryptoKey
  try {
    imported = await subtle.importKey('raw', new Uint8Array(key), 'Ed25519', false, ['verify'])
  } catch {
    return null
  }
  return await subtle.verify('Ed25519', imported, new Uint8Array(signature), new Uint8Array(text))
}

/** name+id+base64(01 ‖ key) where id = SHA-256(name ‖ newline ‖ 01 ‖ key)[:4]; null for anything else. */
export function readKey(line: string): { name: string; id: string; bytes: Uint8Array } | null {
  const [, name = '', id = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? []
  try {
    const data = bytesOfBase64(encoded)
    const own = sha256(joined(new TextEncoder().encode(`${name}\n`), data)).slice(0, 4)
    return data.length === 33 && data[0] === 1 && hexOf(own) === id ? { name, id, bytes: data.slice(1) } : null
  } catch {
    return null
  }
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function bytesOfHex(text: string): Uint8Array {
  if (!HEX.test(text)) throw new Error('no hexadecimal digits')
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
