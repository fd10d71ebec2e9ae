using CocoonPool.Settlement.Tests.Host;

// One program, twice: the tests, and the silo that they start as a process of its own and kill.
return args is [SettlementSilo.Command]
    ? await SettlementSilo.Run()
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
