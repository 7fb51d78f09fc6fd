// "Verify" on the page of a seal: the proof is fetched, or taken from a chosen file, and recomputed here.
// Props: proof (address of proof.json). Elements inside: [data-keys], [data-verify], [data-file], [data-result].

import { say, type Word } from '../../shared/words'
import { filesNamed, hexOf, type Outcome, type Proof, readKey, verify } from './proof'
import { sha256 } from './sha256'

interface Props {
  proof: string
}

type Tone = 'done' | 'due' | 'overdue'
type Line = [Word, boolean | null, string?]

const MOST = 512 * 1024 * 1024

export function mount(element: HTMLElement, { proof }: Props): void {
  const keys = part<HTMLTextAreaElement>(element, 'keys')
  const shown = part<HTMLElement>(element, 'result')
  const file = part<HTMLInputElement>(element, 'file')
  const run = (work: () => Promise<void>) => {
    shown.replaceChildren()
    element.setAttribute('aria-busy', 'true')
    work()
      .catch(() => show(shown, 'overdue', 'proofUnreadable', []))
      .finally(() => element.removeAttribute('aria-busy'))
  }
  part<HTMLButtonElement>(element, 'verify').addEventListener('click', () => {
    run(async () => showProof(shown, await fetched(proof), keys.value))
  })
  file.addEventListener('change', () => {
    const chosen = file.files?.[0]
    file.value = ''
    if (chosen) run(() => verifyFile(shown, chosen, proof, keys.value))
  })
}

function part<Kind extends HTMLElement>(element: HTMLElement, name: string): Kind {
  const found = element.querySelector<Kind>(`[data-${name}]`)
  if (!found) throw new Error(`No [data-${name}]`)
  return found
}

async function fetched(address: string): Promise<Proof> {
  const answer = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' })
  if (!answer.ok) throw new Error(String(answer.status))
  return (await answer.json()) as Proof
}

async function showProof(shown: HTMLElement, proof: Proof, typed: string): Promise<void> {
  const keys = typed.split('\n').filter((line) => line.trim())
  if (!keys.length || !keys.every(readKey)) return show(shown, 'overdue', 'keyUnreadable', [])
  const outcome = await verify(proof, keys)
  const [tone, word] = verdict(outcome)
  const lines: Line[] = [['proofLeaf', outcome.leaf]]
  if (outcome.size) {
    lines.push(['proofTree', outcome.tree, `${proof.path?.length ?? 0} → ${outcome.size.toLocaleString('en')}`])
    lines.push(['proofSignature', outcome.signature])
  }
  show(shown, tone, word, lines)
}

function verdict({ leaf, tree, signature }: Outcome): [Tone, Word] {
  if (!leaf || tree === false || signature === false) return ['overdue', 'proofFails']
  if (tree === null) return ['due', 'proofWaits']
  return signature ? ['done', 'proofHolds'] : ['due', 'proofUnsigned']
}

/** A downloaded proof is verified as it stands; of any other file the hash must be one that the entry names. */
async function verifyFile(shown: HTMLElement, file: File, address: string, typed: string): Promise<void> {
  if (file.size > MOST) return show(shown, 'overdue', 'fileTooLarge', [])
  const bytes = new Uint8Array(await file.arrayBuffer())
  const told = asProof(bytes)
  if (told) return showProof(shown, told, typed)
  const digest = hexOf(sha256(bytes))
  const isNamed = filesNamed((await fetched(address)).entry).has(digest)
  show(shown, isNamed ? 'done' : 'overdue', isNamed ? 'fileHolds' : 'fileFails', [['fileDigest', isNamed, digest]])
}

function asProof(bytes: Uint8Array): Proof | null {
  if (bytes[0] !== '{'.charCodeAt(0)) return null
  try {
    const told = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Proof>
    return typeof told.entry === 'string' && typeof told.salt === 'string' ? (told as Proof) : null
  } catch {
    return null
  }
}

function show(shown: HTMLElement, tone: Tone, title: Word, lines: Line[]): void {
  const box = document.createElement('div')
  box.className = `sh-callout sh-callout-${tone}`
  const body = document.createElement('div')
  const heading = document.createElement('p')
  heading.className = 'sh-callout-title'
  heading.textContent = say(title)
  const list = document.createElement('ul')
  list.className = 'sh-verify-steps'
  list.append(...lines.map(stepOf))
  body.append(heading, list)
  box.append(body)
  shown.replaceChildren(box)
}

function stepOf([word, holds, detail]: Line): HTMLLIElement {
  const line = document.createElement('li')
  const mark = document.createElement('strong')
  mark.textContent = say(holds === null ? 'isUntried' : holds ? 'isRight' : 'isWrong')
  line.append(mark, ` ${say(word)}`)
  if (detail) {
    const code = document.createElement('code')
    code.className = 'sh-code'
    code.textContent = detail
    line.append(' ', code)
  }
  return line
}
