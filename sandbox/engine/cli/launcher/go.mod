module slipway/sandbox/engine/cli/launcher

go 1.26.0
