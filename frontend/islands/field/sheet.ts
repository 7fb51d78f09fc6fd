// A form under way, on the engine of SurveyJS: conditions, checks, sums. What it draws is our own (fill.ts): here photos,
// signatures, places and entities are plain answers, so that nothing of SurveyJS keeps bytes or asks the network.

import { FunctionFactory, type Question, type QuestionPanelDynamicModel, Serializer, SurveyModel } from 'survey-core'

import { localMoment, type Values } from './records'

/** How a question is answered on the page. */
export type Kind =
  | 'choice' | 'choices' | 'rank' | 'select' | 'entity' | 'text' | 'lines' | 'number' | 'range' | 'date' | 'time'
  | 'moment' | 'place' | 'barcode' | 'photo' | 'file' | 'signature' | 'tick' | 'note' | 'repeat'

export interface Section {
  title: string
  questions: Question[]
}

export interface Score {
  earned: number
  whole: number
  percent: string
  failedKeys: number
}

type Element = Values & { name: string; type: string }

const KINDS: Record<string, Kind> = {
  radiogroup: 'choice', checkbox: 'choices', ranking: 'rank', dropdown: 'select', comment: 'lines', text: 'text',
  file: 'file', signaturepad: 'signature', boolean: 'tick', html: 'note', paneldynamic: 'repeat',
}
const INPUTS: Record<string, Kind> = { number: 'number', range: 'range', date: 'date', time: 'time', 'datetime-local': 'moment' }
const SUMS = ['shian_earned', 'shian_whole', 'shian_score'] as const

Serializer.addProperties('question', ['kind', 'capture', 'dataset', 'companionOf', 'rule', 'basis'])
Serializer.addProperties('question', [{ name: 'points:number' }, { name: 'keyItem:boolean' }])
registerFunctions()

export class Sheet {
  readonly model: SurveyModel
  readonly sections: Section[]
  private readonly metadata: Record<string, string>

  constructor(survey: Values, answers: Values) {
    const json = structuredClone(survey)
    this.metadata = (json['metadata'] ?? {}) as Record<string, string>
    for (const page of json['pages'] as { elements: Element[] }[]) page.elements.forEach(prepare)
    this.model = new SurveyModel(json)
    this.model.mergeData(answers)
    this.sections = sectionsOf(this.model)
  }

  /** Questions that are asked now and must be answered. */
  asked(section: Section): Question[] {
    return section.questions.filter((each) => each.isVisible && each.isParentVisible && each.isRequired)
  }

  /** The sums by the rule of the server, which counts again; rounded half up in whole numbers, as it does. */
  get score(): Score | null {
    const [earned, whole] = [this.sum('shian_earned'), this.sum('shian_whole')]
    if (earned === null || whole === null) return null
    return { earned, whole, percent: percentOf(earned, whole), failedKeys: this.sum('shian_failed') ?? 0 }
  }

  /** What an item earned of its points; null while it has no answer or does not apply. */
  earned(item: Question): number | null {
    return this.sum(`shian_w_${item.name}`) ? this.sum(`shian_e_${item.name}`) : null
  }

  get totals(): Record<string, string> {
    const score = this.score
    if (!score) return {}
    const told = { shian_earned: score.earned, shian_whole: score.whole, shian_score: score.percent }
    return Object.fromEntries(SUMS.map((name) => [name.slice(6), String(told[name])]))
  }

  /** Asked questions whose answer is missing or wrong, in order. */
  faulty(): Question[] {
    return this.model.getAllQuestions(false, false, true).filter((each) => each.isVisible && each.isParentVisible && !each.validate(true))
  }

  /** The answers to what is asked, as the server reads them, with what the page knows by itself. */
  answers(known: { start: string; end: string; deviceid: string; username: string }): Values {
    const told: Values = {}
    for (const section of this.sections) section.questions.forEach((each) => gather(each, told))
    const metadata = { ...known, today: known.end.slice(0, 10) } as Values
    for (const [name, type] of Object.entries(this.metadata)) told[name] = metadata[type] ?? ''
    return told
  }

  /** Everything that was entered, as a draft keeps it. */
  get entered(): Values {
    const data = { ...(this.model.data as Values) }
    for (const name of Object.keys(data)) if (name.startsWith('shian_')) delete data[name]
    return data
  }

  private sum(name: string): number | null {
    const found = this.model.calculatedValues.find((each) => each.name === name)
    return typeof found?.value === 'number' ? found.value : null
  }
}

export function kindOf(question: Question): Kind {
  return question['kind'] as Kind
}

export function panelsOf(question: Question): QuestionPanelDynamicModel {
  return question as QuestionPanelDynamicModel
}

function gather(question: Question, into: Values): void {
  if (!question.isVisible || !question.isParentVisible || kindOf(question) === 'note') return
  if (kindOf(question) === 'repeat') {
    into[question.name] = panelsOf(question).panels.map((panel) => {
      const row: Values = {}
      panel.questions.forEach((each) => gather(each, row))
      return row
    })
  } else if (!question.isEmpty()) into[question.name] = question.value
}

/** 100 × earned ÷ whole to two places, half up, in whole hundredths: no error of binary fractions. */
export function percentOf(earned: number, whole: number): string {
  const [part, all] = [Math.round(earned * 100), Math.round(whole * 100)]
  if (!all) return ''
  const hundredths = Math.floor((20_000 * part + all) / (2 * all))
  return (hundredths / 100).toFixed(2)
}

/** Plain types for what SurveyJS would handle by itself; `kind` says how the page asks. */
function prepare(element: Element): void {
  for (const inner of ((element['elements'] ?? element['templateElements']) as Element[] | undefined) ?? []) prepare(inner)
  if (element.type === 'panel') return
  const input = INPUTS[String(element['inputType'])]
  const capture = element['capture'] === 'geopoint' ? 'place' : element['capture'] === 'barcode' ? 'barcode' : null
  const isPhoto = element.type === 'file' && element['acceptedTypes'] === 'image/*'
  const isEntity = element.type === 'dropdown' && element['dataset']
  element['kind'] = isPhoto ? 'photo' : isEntity ? 'entity' : (capture ?? input ?? KINDS[element.type] ?? 'text')
  if (['file', 'signaturepad', 'boolean', 'ranking'].includes(element.type) || isEntity) element.type = 'text'
  if (element['kind'] !== 'number' && element['kind'] !== 'range') delete element['inputType']
  delete element['sourceType']
}

function sectionsOf(model: SurveyModel): Section[] {
  const found: (Section & { isScored: boolean | null })[] = []
  for (const element of model.pages.flatMap((page) => page.elements)) {
    if (element.isPanel) {
      const questions = (element as unknown as { questions: Question[] }).questions
      found.push({ title: (element as unknown as { title: string }).title, questions, isScored: null })
      continue
    }
    const question = element as Question
    const last = found.at(-1)
    const isScored = Boolean(question['points'] !== undefined || (question['companionOf'] && last?.isScored))
    if (last && last.isScored === isScored) last.questions.push(question)
    else found.push({ title: '', questions: [question], isScored })
  }
  return found
}

function registerFunctions(): void {
  const register = (name: string, run: (parameters: unknown[]) => unknown) => FunctionFactory.Instance.register(name, run)
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value))
  register('shianCount', ([value]) => (Array.isArray(value) ? value.length : text(value) ? 1 : 0))
  register('shianLength', ([value]) => [...text(value)].length)
  register('shianCoalesce', ([one, two]) => (text(one) === '' ? (two ?? '') : one))
  register('shianNow', () => localMoment())
  register('shianToday', () => localMoment().slice(0, 10))
  register('shianNumber', ([value]) => (text(value).trim() === '' ? NaN : Number(value)))
  register('shianConcat', (values) => values.map(text).join(''))
}
