// Ask @cloud-copilot/iam-simulate 0.1.173 about the requests of `simulated.py`:
//
//     node simulate.mjs FOLDER < requests.json > answers.json
//
// FOLDER has the package in its node_modules. No target installs it: see simulated.py.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ACCOUNT = '111111111111'
const require = createRequire(join(process.argv[2], 'any.js'))
const folder = join(dirname(require.resolve('@cloud-copilot/iam-simulate')), '../esm')
const part = (path) => import(pathToFileURL(join(folder, path)))

const { authorize } = await part('core_engine/CoreSimulatorEngine.js')
const { AwsRequestImpl } = await part('request/request.js')
const { RequestContextImpl } = await part('requestContext.js')
const { DiscoveryContextKeyConstraints } = await part('context_keys/discoveryContextKeyConstraints.js')
const { loadPolicy } = require('@cloud-copilot/iam-policy')

const open = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
const everything = loadPolicy({ Version: '2012-10-17', Statement: [open] }, { name: 'all' })

function allowed({ policy, context, provider, action }) {
  const role = { resource: `arn:aws:iam::${ACCOUNT}:role/x`, accountId: ACCOUNT }
  const answer = authorize({
    request: new AwsRequestImpl(provider, role, action, new RequestContextImpl(context)),
    resourcePolicy: loadPolicy(policy, { name: 'trust' }),
    identityPolicies: [],
    vpcEndpointPolicies: [],
    serviceControlPolicies: [],
    resourceControlPolicies: [{ orgIdentifier: 'o', policies: [everything] }],
    simulationParameters: {
      simulationMode: 'Strict',
      discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]),
    },
    serviceSettings: { s3: {} },
  })
  return answer.result === 'Allowed'
}

const requests = JSON.parse(readFileSync(0))
const answers = requests.map((one) => ({ ...one, allowed: allowed(one) }))
process.stdout.write(JSON.stringify(answers))
