// What lies in the browser, per user: one IndexedDB database, every record encrypted with AES-GCM under a key that no
// script can read out. Without the key what lies there is noise; destroying it destroys everything.

export type StoreName = 'meta' | 'surveys' | 'drafts' | 'queue' | 'photos'

/** One change of a write: a value of JSON, bytes, or null to remove. */
export interface Change {
  store: StoreName
  id: string
  value: unknown
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  data: ArrayBuffer
}

const STORES: StoreName[] = ['meta', 'surveys', 'drafts', 'queue', 'photos']
const KEYS = 'keys'
const PREFIX = 'shian-field-'
const WHO = 'shian-field'

/** The device has no room left; nothing of the write was kept. */
export class StorageFull extends Error {}

export class Vault {
  private constructor(
    readonly user: number,
    private readonly database: IDBDatabase,
    private readonly key: CryptoKey,
  ) {}

  /** The user's own, made with a new key where there is none. */
  static async open(user: number): Promise<Vault> {
    return navigator.locks.request(`${PREFIX}key-${user}`, async () => {
      const database = await opening(PREFIX + user, [...STORES, KEYS])
      const found = await settled<CryptoKey | undefined>(database.transaction(KEYS).objectStore(KEYS).get('key'))
      return new Vault(user, database, found ?? (await newKey(database)))
    })
  }

  async get<Kind>(store: StoreName, id: string): Promise<Kind | undefined> {
    const bytes = await this.bytes(store, id)
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Kind)
  }

  async bytes(store: StoreName, id: string): Promise<ArrayBuffer | undefined> {
    const found = await settled<Sealed | undefined>(this.database.transaction(store).objectStore(store).get(id))
    return found && this.opened(store, id, found)
  }

  async ids(store: StoreName): Promise<string[]> {
    return (await settled(this.database.transaction(store).objectStore(store).getAllKeys())) as string[]
  }

  async all<Kind>(store: StoreName): Promise<Kind[]> {
    const ids = await this.ids(store)
    const found = await Promise.all(ids.map((id) => this.get<Kind>(store, id)))
    return found.filter((each) => each !== undefined)
  }

  /** All of the changes, flushed to the disk, or none. Throws StorageFull. */
  async write(...changes: Change[]): Promise<void> {
    const sealed = await Promise.all(
      changes.map(async ({ store, id, value }) => ({ store, id, sealed: value === null ? null : await this.sealed(store, id, value) })),
    )
    const stores = [...new Set(changes.map((change) => change.store))]
    const transaction = this.database.transaction(stores, 'readwrite', { durability: 'strict' })
    const done = finished(transaction)
    for (const { store, id, sealed: value } of sealed) {
      const into = transaction.objectStore(store)
      if (value === null) into.delete(id)
      else into.put(value, id)
    }
    await done
  }

  /** First the key, so that nothing can be read again, then everything. */
  async destroy(): Promise<void> {
    const transaction = this.database.transaction(KEYS, 'readwrite', { durability: 'strict' })
    transaction.objectStore(KEYS).clear()
    await finished(transaction)
    this.database.close()
    await new Promise<void>((resolve) => {
      const asked = indexedDB.deleteDatabase(PREFIX + this.user)
      asked.onsuccess = asked.onerror = asked.onblocked = () => resolve()
    })
  }

  private async sealed(store: StoreName, id: string, value: unknown): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const plain = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value))
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: place(store, id) }, this.key, plain)
    return { iv, data }
  }

  private opened(store: StoreName, id: string, { iv, data }: Sealed): Promise<ArrayBuffer> {
    return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: place(store, id) }, this.key, data)
  }
}

/** Who worked here last: the number of an account, nothing else. Not in localStorage, which a browser that is killed
 * forgets for seconds back. */
export async function lastUser(): Promise<number | null> {
  const database = await whoDatabase()
  const found = await settled<number | undefined>(database.transaction(WHO).objectStore(WHO).get(WHO))
  database.close()
  return found ?? null
}

export async function noteUser(user: number | null): Promise<void> {
  const database = await whoDatabase()
  const transaction = database.transaction(WHO, 'readwrite', { durability: 'strict' })
  if (user === null) transaction.objectStore(WHO).clear()
  else transaction.objectStore(WHO).put(user, WHO)
  await finished(transaction)
  database.close()
}

function whoDatabase(): Promise<IDBDatabase> {
  return opening(WHO, [WHO])
}

/** A record that was put in another's place does not open. */
function place(store: StoreName, id: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${store}/${id}`)
}

function opening(name: string, stores: string[]): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1)
    asked.onupgradeneeded = () => stores.forEach((store) => asked.result.createObjectStore(store))
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close() // another tab signs the user out
      resolve(asked.result)
    }
    asked.onerror = () => reject(asFull(asked.error))
  })
}

async function newKey(database: IDBDatabase): Promise<CryptoKey> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const transaction = database.transaction(KEYS, 'readwrite', { durability: 'strict' })
  transaction.objectStore(KEYS).put(key, 'key')
  await finished(transaction)
  return key
}

function settled<Kind>(request: IDBRequest): Promise<Kind> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as Kind)
    request.onerror = () => reject(asFull(request.error))
  })
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(asFull(transaction.error))
  })
}

function asFull(error: DOMException | null): Error {
  return error?.name === 'QuotaExceededError' ? new StorageFull(error.message) : (error ?? new Error('aborted'))
}
