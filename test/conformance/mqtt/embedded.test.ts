// deadline: 180 s
import { conform } from './conform.ts'

conform('embedded')
