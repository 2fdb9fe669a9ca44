// deadline: 420 s
import { conform } from './conform.ts'

conform('nats')
