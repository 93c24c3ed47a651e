#!/usr/bin/env node
'use strict';
require('@vector-recall/command-line/launch').launch('vector-recall', 'trainer-cli');
