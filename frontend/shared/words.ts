// The few words that scripts say themselves, in the terms of locale/en. The language is that of the page.

const words = {
  zh: {
    areValues: '数值',
    cancel: '不，返回',
    copied: '已复制',
    discard: '丢弃',
    done: '达标',
    drawnLine: '示意界线',
    due: '接近',
    invalid: '格式不正确',
    noMap: '此浏览器不能显示地图，请看表格。',
    noOutlines: '这一级区划没有界线数据，请看表格。',
    noValue: '无数据',
    overdue: '不达标',
    proceed: '确认',
    required: '请填写此项',
    restore: '恢复',
    target: '目标',
    unsent: '上次有未提交的内容。',
    waiting: '待补充',
  },
  en: {
    areValues: 'Values',
    cancel: 'No, go back',
    copied: 'Copied',
    discard: 'Discard',
    done: 'Met',
    drawnLine: 'illustrative line',
    due: 'Close',
    invalid: 'Not in the right form',
    noMap: 'This browser cannot draw the map; see the table.',
    noOutlines: 'There are no outlines at this level; see the table.',
    noValue: 'No data',
    overdue: 'Not met',
    proceed: '',
    required: 'Required',
    restore: 'Restore',
    target: 'Target',
    unsent: 'Something from last time was not sent.',
    waiting: 'Awaiting data',
  },
} as const

export type Word = keyof typeof words.zh

export function say(word: Word): string {
  const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
  return words[language][word]
}
