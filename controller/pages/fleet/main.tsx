/** The console of the fleet: every room of a region, and which of them needs somebody. */
import { render } from 'preact'
import { App } from './app.tsx'
import { load } from './load.ts'
import './fleet.css'
import 'uplot/dist/uPlot.min.css'

void load()
render(<App />, document.body)
