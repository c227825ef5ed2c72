// Where the page begins: the theme, who is logged in, and then the shell, which shows everything else.
import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import { followTheme } from './state/theme.ts'
import './style/tokens.css'
import './style/base.css'
import './style/parts.css'
import './style/table.css'
import './style/shell.css'
import './style/views.css'

followTheme()
const place = document.getElementById('app')
if (place !== null) render(<Shell />, place)
