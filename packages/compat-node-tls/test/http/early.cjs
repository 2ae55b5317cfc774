require('node:https');
require('node:http2');
