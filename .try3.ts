import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { MqttClient, connect } from 'mqtt'
import { roomsOf } from './controller/simulator/room.ts'
import { atLocal, workingDayAt } from './controller/simulator/local-day.ts'
import { parseTopic } from './controller/wire/fleet/topics.ts'
import { Devices } from './scripts/lib/bench/fleet/devices.ts'
import { cpuSecondsOf, memoryOf } from './scripts/lib/bench/processes.ts'
const N = Number(process.argv[2]), P = Number(process.argv[3] ?? 2)
writeFileSync('/tmp/simscratch/mosq.conf', 'listener 18830 127.0.0.1\nallow_anonymous true\nmax_queued_messages 1000000\nmax_connections -1\n')
const mosq = spawn('/usr/sbin/mosquitto', ['-c', '/tmp/simscratch/mosq.conf'], { stdio: 'ignore' })
await new Promise(r=>setTimeout(r,500))
const hub = connect('mqtt://127.0.0.1:18830', { clientId: 'hub', protocolVersion: 4 })
const counts: Record<string, number> = {}
hub.on('message', (topic, payload) => { const t = parseTopic(topic); if (!t) return; counts[t.name]=(counts[t.name]??0)+1; if (t.name==='event') { const seq = Number(/"seq":(\d+)/.exec(payload.toString())![1]); hub.publish(topic.replace('up/event','down/event-ack'), JSON.stringify({upto:seq, ahead:[]}), {qos:1, retain:true}) } })
await new Promise(r=>hub.on('connect', r)); await hub.subscribeAsync('verbatim/v1/+/+/up/#', {qos:1})
const rooms = roomsOf(1, N)
writeFileSync('/tmp/simscratch/m.json', JSON.stringify(Object.fromEntries(rooms.map(r=>[r.device,{court:r.court.id,url:'mqtt://127.0.0.1:18830',docketKey:'',certificateSha256:null,certificateExpires:null}]))))
const d = new Devices(process.cwd())
const t0 = performance.now()
await d.start(P, { seed: 1, total: N, connectsPerSecond: 1000, dayMs: atLocal(workingDayAt(Date.now()), 10), speed: 1, memberships: '/tmp/simscratch/m.json', version: 4 })
let raised=false
for (let i=0;i<16;i++) { await new Promise(r=>setTimeout(r,5000)); console.log(((performance.now()-t0)/1000).toFixed(0), 'connected', d.connected, JSON.stringify(counts), 'dev rss', memoryOf(d.pids).rssMb.toFixed(0), 'cpu', cpuSecondsOf(d.pids).toFixed(1), 'mosq', memoryOf([mosq.pid!]).rssMb.toFixed(0), cpuSecondsOf([mosq.pid!]).toFixed(1), 'hub cpu', (process.cpuUsage().user/1e6).toFixed(1)); if (d.connected>=N*0.98 && !raised) { raised=true; d.raise(20) } }
console.log((await d.count()).waiting, d.raised.length)
await d.kill('SIGKILL'); mosq.kill(); process.exit(0)
