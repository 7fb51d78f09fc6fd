// What the field page says. It works without a server, so its words travel with it; msgids of templates do not reach here.

const zh = {
  accuracy: '误差 {n} 米', accountFirst: '账户有待办事项，请先处理', addRow: '增加一行', album: '相册', answered: '已答 {n} / {m}', assigned: '分配给我',
  asked: '必须填写', away: '未登录', back: '返回', backToDraft: '改为草稿', backToDraftHelp: '改为草稿后可以修改，再次完成时重新发送。',
  basic: '基本情况', cannotReadPhoto: '这个文件不是能读取的照片，请重拍或另选。',
  checks: '任务', chooseFile: '选择文件', clear: '清除', clockAhead: '手机时间比服务器快 {n} 分钟', clockBehind: '手机时间比服务器慢 {n} 分钟',
  clockHelp: '记录的时间不会被改动，误差会一并上报。请在手机设置中校正时间。', closeTab: '此检查已在另一个标签页打开，请在那里继续。',
  deleteDraft: '删除草稿', deleteDraftSure: '草稿和其中的照片将从本机删除，不能恢复。', deleteItem: '删除', deleteItemSure: '这份检查还没有发送，删除后不能恢复。',
  deviceFull: '手机存储空间已满，刚才的内容没有保存', deviceFullHelp: '已保存的内容都在。请先发送或导出待发送的检查，或清理手机，再重试。',
  done: '完成检查', doneNow: '本期已完成，可以再做', doneSure: '完成后放入待发送，有网络时自动发送。', downloading: '正在准备离线使用…', drafts: '继续填写', due: '截止 {day}', overdue: '已逾期 {day}',
  empty: '没有分配给我的检查', emptyHelp: '新任务分配后，连上网络打开本页就会出现。也可以从“打分表”开始一次检查。',
  exportAll: '导出到文件', exportDone: '已导出 {n} 份。导出不会删除本机的内容。', exportHelp: '文件用您设的口令加密，含全部照片。只有本人登录后凭口令才能导入。', exported: '导出',
  failedKeys: '关键项不合格 {n} 个', faults: '还有 {n} 处要补充', fetched: '数据更新于 {at}', file: '文件', fill: '填写', findForm: '找打分表', forms: '打分表',
  free: '现在的打分表都已保存在本机，离线也能开始检查。', getPlace: '获取当前位置', givenUp: '未发送成功', history: '最近已发送',
  importDone: '已导入 {n} 份，{m} 份本机已有。', importFile: '从文件导入', importOther: '这个文件是另一位用户的，请由本人登录后导入。', importWrong: '口令不正确，或文件已损坏。',
  insecure: '本页须通过 HTTPS 打开，才能在手机上加密保存。请联系系统管理员。', invalid: '填写有误', item: '检查项目', keyItem: '关键项', keyPassphrase: '口令（至少 8 位）',
  later: '服务器暂时没有应答，{at} 后自动重试', latitude: '纬度', leave: '退出登录', leaveDelete: '删除并退出', leaveExport: '先导出', leaveSure: '还有 {n} 份检查没有发送、{m} 份草稿没有完成。退出登录会删除本机上的全部内容和密钥，不能恢复。',
  longitude: '经度', near: '检查对象可在本辖区 {n} 家在营主体中离线查找，每天更新一次。', nearMany: '本辖区有 {n} 家在营主体，超过离线名单的上限 {m} 家：名单里只有任务中的对象，其他主体请输入编号。', lost: '照片 {name} 不在本机，无法发送', manualPlace: '手工填写', moment: '时间', newForm: '此表已有新版本。这次检查仍按 {version} 版完成和提交。', noForm: '没有可用的打分表。请连上网络后再试。', noMatch: '没有符合的结果',
  noStore: '浏览器不让本页保存内容（可能是无痕窗口）。请用普通窗口打开。', noPlace: '没有取到位置：{why}', none: '没有待发送的检查', noneHelp: '完成的检查会先放在这里，有网络时自动发送。', note: '备注', notFound: '这份草稿不在本机，可能已经完成或删除。', offline: '离线', online: '在线',
  openForm: '开始', other: '其他', passphrase: '口令', pending: '待发送', photo: '拍照', photoOf: '照片', placeDenied: '没有定位权限，请在手机设置中允许', placeNone: '这台设备不能定位', placeSlow: '信号弱，定位超时', points: '{n} 分',
  progress: '进度', queue: '待发送', ready: '已保存 {n} 张打分表，可离线使用', refused: '服务器没有收下', remedy400: '内容无法识别。请导出后联系系统管理员。', remedy403: '账号可能没有填报权限了。请联系创建办，恢复权限后点“重新发送”。', remedy404: '这张打分表已不在系统里。请导出后联系创建办。', remedy409: '服务器已有同编号的另一份。请改为草稿，核对后作为新的一份提交。', remedy413: '照片太大。请改为草稿，重拍后提交。', remedy422: '请改为草稿，按提示修改后重新完成。',
  removeRow: '删除这一行', retry: '重新发送', retryNow: '重试', saved: '已保存 {at}', savedNot: '未保存', saving: '正在保存…', score: '得分', search: '搜索', sendNow: '立即发送', sending: '正在发送…', sent: '已发送', sentAt: '完成 {made} · 发送 {sent}', showChoices: '选择', sign: '请在框内签名', signAgain: '重签', signIn: '登录', signedOut: '登录已过期。本机内容都在，登录后继续发送。',
  start: '开始检查', startAgain: '继续', storage: '已用空间 {n} MB', take: '已加入待发送', takeLocation: '正在定位…', tryLater: '稍后重试', updated: '已有新版本', updateNow: '更新', useCode: '使用编号 {code}', view: '查看', waiting: '等待发送', waitingPhotos: '还差 {n} 张照片', withheld: '公布前保密', worth: '{n} 分', wrongAnswer: '请检查这一项',
} as const

const en: Record<keyof typeof zh, string> = {
  accuracy: '± {n} m', accountFirst: 'Your account needs attention first', addRow: 'Add a row', album: 'Album', answered: '{n} of {m} answered', assigned: 'Assigned to me',
  asked: 'Required', away: 'Signed out', back: 'Back', backToDraft: 'Edit as draft', backToDraftHelp: 'As a draft it can be changed; it is sent again once you finish it.',
  basic: 'Basics', cannotReadPhoto: 'This file is not a readable photo. Take or choose another.',
  checks: 'Tasks', chooseFile: 'Choose a file', clear: 'Clear', clockAhead: 'This device is {n} min ahead of the server', clockBehind: 'This device is {n} min behind the server',
  clockHelp: 'Recorded times are never changed; the difference is reported with them. Please set the clock of the device.', closeTab: 'This check is open in another tab. Continue there.',
  deleteDraft: 'Delete draft', deleteDraftSure: 'The draft and its photos are deleted from this device for good.', deleteItem: 'Delete', deleteItemSure: 'This check has not been sent. It is deleted for good.',
  deviceFull: 'The device has no room left: the last change is not saved', deviceFullHelp: 'What was saved is safe. Send or export waiting checks, or free some room, then try again.',
  done: 'Finish check', doneNow: 'Done for now, may be done again', doneSure: 'It goes to the outbox and is sent as soon as there is a network.', downloading: 'Getting ready for offline use…', drafts: 'Continue', due: 'Due {day}', overdue: 'Overdue since {day}',
  empty: 'Nothing is assigned to you', emptyHelp: 'New tasks appear when you open this page with a network. You can also start a check from “Forms”.',
  exportAll: 'Export to a file', exportDone: 'Exported: {n}. Nothing was removed from this device.', exportHelp: 'The file is encrypted with your passphrase and holds all photos. Only you, signed in, can import it with the passphrase.', exported: 'Export',
  failedKeys: 'Key items failed: {n}', faults: '{n} answers need attention', fetched: 'Updated {at}', file: 'File', fill: 'Fill in', findForm: 'Find a form', forms: 'Forms',
  free: 'All current forms are kept on this device; a check can start without a network.', getPlace: 'Get position', givenUp: 'Not sent', history: 'Sent lately',
  importDone: 'Imported: {n}. Already here: {m}.', importFile: 'Import from a file', importOther: 'This file belongs to another user, who has to sign in to import it.', importWrong: 'Wrong passphrase, or the file is damaged.',
  insecure: 'This page needs HTTPS to keep things encrypted on the device. Ask the administrator.', invalid: 'Not in the right form', item: 'Items', keyItem: 'Key item', keyPassphrase: 'Passphrase (8 or more)',
  later: 'No answer from the server; next attempt in {at}', latitude: 'Latitude', leave: 'Sign out', leaveDelete: 'Delete and sign out', leaveExport: 'Export first', leaveSure: '{n} checks are not sent and {m} drafts not finished. Signing out deletes everything on this device, and its key, for good.',
  longitude: 'Longitude', near: 'You can choose among the {n} operators in business in your area without a network; updated once a day.', nearMany: 'Your area has {n} operators in business, more than the {m} kept for offline use: only those of your tasks are listed; type the code of any other.', lost: 'Photo {name} is not on this device', manualPlace: 'Enter by hand', moment: 'Time', newForm: 'There is a newer version of this form. This check is finished and sent as version {version}.', noForm: 'No form is available. Try again with a network.', noMatch: 'Nothing found',
  noStore: 'The browser does not let this page keep anything (a private window?). Open it in an ordinary window.', noPlace: 'No position: {why}', none: 'Nothing is waiting', noneHelp: 'Finished checks wait here and are sent as soon as there is a network.', note: 'Note', notFound: 'This draft is not on this device; it was finished or deleted.', offline: 'Offline', online: 'Online',
  openForm: 'Start', other: 'Other', passphrase: 'Passphrase', pending: 'Waiting', photo: 'Camera', photoOf: 'Photo', placeDenied: 'location is not permitted; allow it in the settings', placeNone: 'this device has no location', placeSlow: 'weak signal', points: '{n} points',
  progress: 'Progress', queue: 'Outbox', ready: '{n} forms kept for offline use', refused: 'The server refused it', remedy400: 'The content was not understood. Export it and ask the administrator.', remedy403: 'The account may not fill in forms any more. Ask the campaign office, then send again.', remedy404: 'This form is no longer in the system. Export it and ask the campaign office.', remedy409: 'The server has another check under this number. Edit it as a draft and finish it as a new one.', remedy413: 'A photo is too large. Edit as a draft and take it again.', remedy422: 'Edit it as a draft, correct what is named, finish it again.',
  removeRow: 'Remove this row', retry: 'Send again', retryNow: 'Try again', saved: 'Saved {at}', savedNot: 'Not saved', saving: 'Saving…', score: 'Score', search: 'Search', sendNow: 'Send now', sending: 'Sending…', sent: 'Sent', sentAt: 'Finished {made} · sent {sent}', showChoices: 'Choose', sign: 'Sign inside the box', signAgain: 'Sign again', signIn: 'Sign in', signedOut: 'Your session is over. Everything is kept here; sign in to go on sending.',
  start: 'Start check', startAgain: 'Continue', storage: '{n} MB in use', take: 'Added to the outbox', takeLocation: 'Finding the position…', tryLater: 'Later', updated: 'A new version is ready', updateNow: 'Update', useCode: 'Use the code {code}', view: 'View', waiting: 'Waiting', waitingPhotos: '{n} photos to go', withheld: 'Withheld until released', worth: '{n} points', wrongAnswer: 'Please check this answer',
}

export type FieldWord = keyof typeof zh

export function tell(word: FieldWord, values: Record<string, string | number> = {}): string {
  const text: string = document.documentElement.lang.startsWith('zh') ? zh[word] : en[word]
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
