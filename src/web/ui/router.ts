// The place in the page that the address names, as a store, and how to go elsewhere.
import { hrefOf, type Route, routeOf } from './route.ts'
import { createStore, useStore } from './state/store.ts'

const place = createStore<Route>(routeOf(location.hash))

window.addEventListener('hashchange', () => place.set(routeOf(location.hash)))

export function useRoute(): Route {
  return useStore(place)
}

export function go(route: Route): void {
  location.hash = hrefOf(route)
}
