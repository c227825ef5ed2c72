// The shortest form: one front address, three hosts. An application writes `from 'sluice'`.
import { createBalancer } from '../../src/index.ts'

const [front = '127.0.0.1:8080', ...given] = process.argv.slice(2)
const hosts = given.length > 0 ? given : ['127.0.0.1:9001', '127.0.0.1:9002', '127.0.0.1:9003']

await createBalancer({ listen: front, hosts })
