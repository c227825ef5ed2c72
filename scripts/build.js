// `npm run build`: a fresh dist out of src.
import { build } from './setup.js'

build()
