// Into the clipboard, which a browser only gives to pages that came encrypted or from this machine.
import type { NoticeText } from '../../state/notices.ts'

/** @returns what is to be said of it; never rejects */
export async function copied(text: string, what: string): Promise<NoticeText> {
  try {
    await navigator.clipboard.writeText(text)
    return { tone: 'good', text: `${what}: copied` }
  } catch {
    const why = 'the browser does not let this page copy; mark the text and copy it by hand'
    return { tone: 'warn', text: `${what}: not copied, ${why}` }
  }
}
