// What the page of the day's check says; it works without a server, so its words travel with it.

const zh = {
  again: '重新发送', askedWords: '请点选或写明发现了什么问题', back: '返回', cannot: '没有可检查的主体', cannotHelp: '连上网络打开一次本页，数据就保存在手机上。',
  checked: '已检查 {n} / {m}', closed: '今天已申报停业，不用记录。', decision: '月调度决定，期限 {day}', deleteIt: '删除', deleteSure: '这份记录还没有被收下，删除后不能恢复。',
  desk: '打开企业端', done: '已完成', drawn: '数据更新于 {at}，没有网络也能检查', edit: '修改后重报', found: '发现什么问题', goOn: '继续今日检查', handled: '怎么处置的（没处置的不选）',
  kept: '已保存在手机，有网络时自动发送。', keptAt: '{at} 记录，等待发送', next: '下一项', noList: '没有生效的风险管控清单，请联网后先批准清单。', none: '无此项', notDone: '未完成',
  pass: '合格', problem: '有问题', queue: '待发送 {n} 份', recorded: '今日已记录', refused: '服务器没有收下：{why}', saved: '已保存 {at}', savedNot: '未保存',
  sent: '{made} 记录 · {sent} 送达', sentTitle: '已送达', start: '开始今日检查', submit: '完成记录', title: '今日检查', tooFull: '手机存储空间已满，刚才的内容没有保存。', unsentTitle: '待发送', vanished: '这份检查不在手机上，可能已经完成。', words: '也可以自己写',
} as const

const en: Record<keyof typeof zh, string> = {
  again: 'Send again', askedWords: 'Tap or write what was found', back: 'Back', cannot: 'No business to check', cannotHelp: 'Open this page once with a network; the data then stay on the phone.',
  checked: '{n} of {m} checked', closed: 'Declared closed today: no record is due.', decision: 'Decision of the monthly meeting, due {day}', deleteIt: 'Delete', deleteSure: 'This record has not been taken. It is deleted for good.',
  desk: 'Open the portal', done: 'Done', drawn: 'Updated {at}; works without a network', edit: 'Edit and send anew', found: 'What was found', goOn: 'Continue today’s check', handled: 'What was done (leave empty if nothing yet)',
  kept: 'Kept on the phone; it is sent as soon as there is a network.', keptAt: 'Recorded {at}, waiting to be sent', next: 'Next item', noList: 'No risk list is in force. Approve one with a network first.', none: 'Not applicable', notDone: 'Not done',
  pass: 'Fine', problem: 'Problem', queue: 'Waiting: {n}', recorded: 'Recorded today', refused: 'The server refused it: {why}', saved: 'Saved {at}', savedNot: 'Not saved',
  sent: 'Recorded {made} · arrived {sent}', sentTitle: 'Arrived', start: 'Start today’s check', submit: 'Finish the record', title: 'Today’s check', tooFull: 'The device has no room left: the last change is not saved.', unsentTitle: 'Waiting', vanished: 'This check is not on the phone; it may be finished.', words: 'Or write it yourself',
}

export type OwnWord = keyof typeof zh

function isChinese(): boolean {
  return document.documentElement.lang.startsWith('zh')
}

export function say(word: OwnWord, values: Record<string, string | number> = {}): string {
  const text: string = (isChinese() ? zh : en)[word]
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''))
}

/** What a tap writes into the record, which is in Chinese whatever the page speaks. */
export const FOUND = ['没有按管控措施做到', '设备或用品不符合要求', '记录或标识不全']
export const HANDLED = ['已当场整改', '已停用、下架或封存', '已安排维修或更换']
