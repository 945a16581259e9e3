"""微信客服 of 企业微信: its callback is a bell; messages are fetched, and answered in session state 1."""
