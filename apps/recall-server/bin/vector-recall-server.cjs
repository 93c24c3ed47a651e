#!/usr/bin/env node
'use strict';
const { dirname } = require('node:path');
require('@vector-recall/command-line/launch').launch('vector-recall-server', dirname(__dirname));
