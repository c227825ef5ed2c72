// Runs in the page, before anything of it: tells of each control that is shown and of each use of one, and what a use led to.
// It decides nothing; page-controls.ts does.
// @ts-nocheck -- The tests are checked without the types of a browser.
;(() => {
  const CONTROLS = 'button, a[href], input, select, textarea, summary'
  /** All views whose title is not a name. */
  const VIEWS = [
    'Overview',
    'Sessions',
    'Configuration',
    'Revision',
    'Audit',
    'Log in',
    'Log',
    'Jobs',
    'Operators',
    'Not here',
    'Sluice',
  ]
  /** What is shown, in the order of the document; elements are asked for by their place in it. */
  let listed = []
  const told = new Set()
  /** Long work goes on while something else is pressed. */
  const SETTLED_MS = 3_000
  /** What came of the last use. */
  let effects = new Set()
  let isActing = false
  let asked = 0

  /** Words of different elements are different words. */
  const wordsOf = (node) =>
    node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(wordsOf).join(' ')
  const textOf = (element) => (element ? wordsOf(element).replace(/\s+/g, ' ').trim() : '')

  const nameOf = (element) =>
    element.getAttribute('aria-label') ??
    (textOf(element.labels?.[0]).replace(/ \(required\)$/, '') || textOf(element) || element.title)

  function roleOf(element) {
    if (element.matches('[role=tab]')) return 'tab'
    if (element.closest('th')) return 'title'
    if (element.matches('input'))
      return { checkbox: 'box', range: 'slider' }[element.type] ?? 'text'
    return { A: 'link', SELECT: 'choice', TEXTAREA: 'text' }[element.tagName] ?? 'button'
  }

  /** Outside of what is shown at an address, the part of the frame that is on every view. */
  function viewOf(element) {
    const frame = element.closest('.header, .banners, .notices, .jobs-corner')
    if (frame && !element.closest('dialog')) return frame.className.split(' ')[0]
    if (element.matches('.skip')) return 'header'
    // By what is shown: the address is that of the next view already while this one still is.
    const title = textOf(document.querySelector('main h1'))
    return VIEWS.find((name) => title.startsWith(name)) ?? 'service'
  }

  /** The nearest part that has a title of its own. */
  function sectionOf(element) {
    if (element.closest('dialog header')) return 'head'
    const part = element.closest('section, [role=region], [role=tabpanel], dialog, main')
    if (part === null || part.matches('dialog, main, .notices, .jobs-corner')) return ''
    const label = part.getAttribute('aria-labelledby')
    return label ? textOf(document.getElementById(label)) : (part.getAttribute('aria-label') ?? '')
  }

  const isShown = (element) => element.checkVisibility({ visibilityProperty: true })

  function describe(element) {
    const name = nameOf(element)
    const isLink = element.matches('a')
    return {
      view: viewOf(element),
      dialog: textOf(element.closest('dialog')?.querySelector('h2')),
      section: sectionOf(element),
      role: roleOf(element),
      name,
      title: element.title === name ? '' : element.title,
      isEnabled: !element.disabled,
      // Pressed, it is where one is already.
      isHere:
        element.getAttribute('aria-selected') === 'true' ||
        (isLink && element.getAttribute('href') === (location.hash || '#/')),
      isDanger: element.matches('.danger'),
      isSubmit: element.type === 'submit',
      isHidden: element.matches('.skip'),
      value: element.type === 'checkbox' ? String(element.checked) : String(element.value ?? ''),
      choices: element.matches('select') ? element.options.length : 0,
      chosen: element.selectedIndex ?? 0,
    }
  }

  function tell(event, control) {
    const { view, dialog, section, role, name, title, isEnabled } = control
    const text = JSON.stringify({ view, dialog, section, role, name, title, isEnabled })
    if (event === 'shown' && told.has(text)) return
    told.add(text)
    void globalThis.tellControl(event, text)
  }

  /** A label that belongs to two is read out for the wrong one. */
  function lookForTwins() {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    const twins = ids.filter((id, index) => ids.indexOf(id) !== index)
    if (twins.length > 0) void globalThis.tellTwins(twins.join(' '))
  }

  const allShown = (within) => [...within.querySelectorAll(CONTROLS)].filter(isShown)
  const look = () => allShown(document).forEach((element) => tell('shown', describe(element)))

  // Nobody sees what is gone again before a picture of it was drawn.
  let picture = 0
  function lookSoon() {
    if (picture !== 0) return
    picture = requestAnimationFrame(() => {
      picture = 0
      look()
      lookForTwins()
    })
  }

  const observer = new MutationObserver((records) => {
    if (isActing) effects.add('changed')
    const isTold = ({ target }) => target.closest?.('.notices, dialog, [role=alert], [role=status]')
    if (records.some((record) => record.addedNodes.length > 0 && isTold(record)))
      effects.add('told')
    lookSoon()
  })
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['disabled', 'open', 'class', 'aria-label', 'aria-selected', 'aria-pressed'],
  })

  // What is drawn in answer to a press is drawn before the next task; what else changes comes in tasks of its own.
  function act(element) {
    observer.takeRecords()
    isActing = true
    const [address, focus] = [location.href, document.activeElement]
    tell('used', describe(element))
    setTimeout(() => {
      if (location.href !== address) effects.add('gone elsewhere')
      if (![focus, element, document.body].includes(document.activeElement)) effects.add('focused')
      isActing = false
    })
  }

  for (const type of ['click', 'input', 'change']) {
    const used = ({ isTrusted, target }) => {
      const element = target.closest?.(CONTROLS)
      if (isTrusted && element) act(element)
    }
    document.addEventListener(type, used, true)
  }

  const { fetch } = globalThis
  globalThis.fetch = async (...args) => {
    // What is looked at every second is not what was pressed.
    if (!isActing) return fetch(...args)
    effects.add('asked')
    asked += 1
    try {
      return await fetch(...args)
    } finally {
      asked -= 1
    }
  }

  const BUSY = '[aria-busy=true], main progress, dialog progress'
  const isBusy = () => asked > 0 || isActing || document.querySelector(BUSY) !== null
  const nextPicture = () => new Promise(requestAnimationFrame)

  globalThis.controls = {
    /** What can be reached: behind a question nothing can. */
    front() {
      const dialogs = [...document.querySelectorAll('dialog[open]')]
      listed = allShown(dialogs.at(-1) ?? document)
      return { depth: dialogs.length, hash: location.hash, controls: listed.map(describe) }
    },
    at: (place) => listed[place],
    /** What the page says against the last use. */
    refusal: () => textOf([...document.querySelectorAll('[role=alert]')].at(-1)),
    forgetEffects() {
      effects = new Set()
    },
    effects: () => [...effects],
    /** Resolves when nothing that was asked for is under way, also not in the next picture; or when it takes too long. */
    async settled() {
      const deadline = performance.now() + SETTLED_MS
      for (let calm = 0; calm < 2 && performance.now() < deadline; calm = isBusy() ? 0 : calm + 1)
        await nextPicture()
    },
  }
})()
