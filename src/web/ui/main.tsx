// Where the page begins: the theme, who is logged in, and then the shell, which shows everything else.

// First, so that whatever a part or a view says of itself counts more.
import './style/tokens.css'
import './style/base.css'
import './style/words.css'
import { render } from 'preact'
import { Shell } from './shell/shell.tsx'
import { followTheme } from './state/theme.ts'

followTheme()
const place = document.getElementById('app')
if (place !== null) render(<Shell />, place)
