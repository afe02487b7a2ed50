module example.com/workspace-sandbox

go 1.19
