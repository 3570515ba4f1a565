// Reads calls as JSON lines [method, parameters] from standard input, makes them with the public client, answers in lines.
'use strict';
const readline = require('readline');
const TopClient = require('topsdk');

const [, , key, secret, endpoint] = process.argv;
const top = new TopClient(key, secret, endpoint);
const lines = readline.createInterface({ input: process.stdin });

(async () => {
  for await (const line of lines) {
    const [method, parameters] = JSON.parse(line);
    try {
      console.log(JSON.stringify({ answer: await top.execute(method, parameters) }));
    } catch (error) {
      console.log(JSON.stringify({ error: { code: error.code, sub_code: error.sub_code, message: error.message } }));
    }
  }
  process.exit(0);
})();
