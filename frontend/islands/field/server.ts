// What the field page asks of the server, and what may come of it. Nothing here throws for what the network does.

import type { Addresses, Fault, Nearby, Survey, Values, Work } from './records'

export interface Session {
  user: number
  name: string
  token: string
  can_fill: boolean
}

/** ok: the data; offline: no answer; later: the server is busy or broken; out: a page asks for something first, at
 * `where`; refused: no, and why. */
export type Answer<Kind> =
  | { kind: 'ok'; data: Kind }
  | { kind: 'offline' }
  | { kind: 'later'; fault: Fault }
  | { kind: 'out'; where: string }
  | { kind: 'refused'; fault: Fault }

export interface Receipt {
  submission: number
  missing: string[]
  score: string | null
}

const BRIEF = 15_000
const LONG = 180_000

export class Server {
  /** Milliseconds that this device's clock is ahead of the server's; null before it was measured. */
  clock: number | null = null

  constructor(readonly addresses: Addresses) {}

  /** Who is signed in; the clock is measured by the way, half of the way there and back being the server's moment. */
  async session(): Promise<Answer<Session>> {
    const began = Date.now()
    const answer = await this.ask<Session & { user: number | null; now: string }>(this.addresses.session, BRIEF)
    if (answer.kind !== 'ok') return answer
    this.clock = Math.round((began + Date.now()) / 2 - Date.parse(answer.data.now))
    return answer.data.user === null ? { kind: 'out', where: this.addresses.login } : answer
  }

  work(): Promise<Answer<Omit<Work, 'fetched_at'>>> {
    return this.ask(this.addresses.assignments, BRIEF)
  }

  list(name: string): Promise<Answer<Omit<Nearby, 'day'>>> {
    return this.ask(this.addresses.list.replace('LIST', name), LONG)
  }

  survey(version: number): Promise<Answer<Omit<Survey, 'id'>>> {
    return this.ask(this.addresses.survey.replace('VERSION', String(version)), BRIEF)
  }

  post(version: number, id: string, form: FormData, token: string): Promise<Answer<Receipt>> {
    const address = this.addresses.submission.replace('VERSION', String(version)).replace('INSTANCE', id)
    return this.ask(address, LONG, { method: 'POST', body: form, headers: { 'X-CSRFToken': token } })
  }

  async leave(token: string): Promise<void> {
    await fetch(this.addresses.logout, { method: 'POST', headers: { 'X-CSRFToken': token } }).catch(() => null)
  }

  private async ask<Kind>(address: string, patience: number, init: RequestInit = {}): Promise<Answer<Kind>> {
    let answer: Response
    try {
      const headers = { accept: 'application/json', ...init.headers }
      answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(patience), ...init, headers })
    } catch {
      return { kind: 'offline' }
    }
    return read<Kind>(answer)
  }
}

async function read<Kind>(answer: Response): Promise<Answer<Kind>> {
  if (answer.redirected) return { kind: 'out', where: new URL(answer.url).pathname }
  const data = (await answer.json().catch(() => null)) as Values | null
  if (answer.ok && data) return { kind: 'ok', data: data as Kind }
  const fault = { status: answer.status, reason: String(data?.['reason'] ?? '') }
  const isPassing = answer.ok || answer.status >= 500 || [408, 425, 429].includes(answer.status)
  return isPassing ? { kind: 'later', fault } : { kind: 'refused', fault }
}
