// Loaded on every page: styles, htmx, islands and the small global behaviours. Every page works without it, less well.

import '@tabler/core/dist/css/tabler.min.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/pieces.css'
import './styles/tables.css'
import './styles/forms.css'
import './styles/pages.css'
import './styles/accounts.css'
import './styles/calendar.css'
import './styles/boards.css'
import './styles/codes.css'
import './styles/review.css'
import './styles/sheet.css'
import './styles/signature.css'
import './styles/own.css'
import './styles/chains.css'
import './styles/verify.css'
import './styles/print.css'
import './styles/warmap.css'

import { setUpBulk } from './behaviours/bulk'
import { setUpClipboard } from './behaviours/clipboard'
import { setUpDrafts } from './behaviours/drafts'
import { setUpDropzones } from './behaviours/dropzone'
import { setUpFields } from './behaviours/fields'
import { setUpFilters } from './behaviours/filters'
import { setUpHtmx } from './behaviours/htmx'
import { setUpKeyboard } from './behaviours/keyboard'
import { setUpLeaving } from './behaviours/leaving'
import { setUpMenus } from './behaviours/menus'
import { setUpReview } from './behaviours/review'
import { setUpSidebar } from './behaviours/sidebar'
import { setUpSwap } from './behaviours/swap'
import { fitTables } from './behaviours/tables'
import { setUpPasskeys } from './behaviours/passkeys'
import { setUpTheme } from './behaviours/theme'
import { mountIslands } from './shared/island'

setUpPasskeys()
setUpTheme()
setUpHtmx()
setUpSidebar()
setUpMenus()
setUpSwap()
setUpFilters()
setUpBulk()
setUpReview()
setUpKeyboard()
setUpClipboard()
setUpDropzones()
setUpFields()
setUpDrafts()
setUpLeaving()
mountIslands(document)
fitTables(document)

// An error summary is read first, by eye and by screen reader.
document.querySelector<HTMLElement>('[data-focus]')?.focus()
