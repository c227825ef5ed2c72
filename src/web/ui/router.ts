// The place in the page that the address names, as a store, and how to go elsewhere.
import { hrefOf, type Route, routeOf } from './route.ts'
import { createStore, useStore } from './state/store.ts'

const place = createStore<Route>(routeOf(location.hash))

window.addEventListener('hashchange', () => place.set(routeOf(location.hash)))

export function useRoute(): Route {
  return useStore(place)
}

/** At once: the browser tells of the new address later, and what stood at the old one would be shown until then. */
export function go(route: Route): void {
  location.hash = hrefOf(route)
  place.set(route)
}
