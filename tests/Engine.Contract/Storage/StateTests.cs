using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CocoonPool.Engine.Contract;

public sealed class StateTests(EngineFixture engine)
{
    private readonly string _key = $"account-{Guid.NewGuid()}";

    private IAccountGrain Grain => engine.Grains.GetGrain<IAccountGrain>(_key);

    private NpgsqlDataSource Database => engine.Host.Services.GetRequiredService<NpgsqlDataSource>();

    [Fact]
    public async Task State_ThatWasNeverWritten_IsFresh()
    {
        (await Grain.Read()).ShouldBe((0, 0, false, null));

        (await engine.Probe.Next($"account {_key}")).ShouldBe("0 False False");
    }

    [Fact]
    public async Task State_IsReadBeforeTheGrainActivates()
    {
        await Grain.Add(5);
        (await engine.Probe.Next($"account {_key}")).ShouldBe("0 False False");
        await EndAsync();

        (await Grain.Read()).ShouldBe((5, 1, true, "1"));

        (await engine.Probe.Next($"account {_key}")).ShouldBe("5 True False");
    }

    [Fact]
    public async Task Etag_CountsTheWrites()
    {
        for (var i = 0; i < 3; i++) await Grain.Add(1);

        (await Grain.Read()).Etag.ShouldBe("3");
    }

    [Fact]
    public async Task Conflict_ReachesTheCaller_AndEndsTheActivation_ThatThenReadsWhatIsStored()
    {
        await Grain.Add(1);
        var first = await Grain.Activation();
        await UpdateRowAsync("version = version + 1, payloadbinary = convert_to('{\"Amount\":100,\"Entries\":[]}', 'UTF8')");

        await Should.ThrowAsync<InconsistentStateException>(Grain.Add(1));

        (await engine.Probe.Next($"gone {_key}")).ShouldBe(nameof(DeactivationReasonCode.ApplicationError));
        (await Grain.Activation()).ShouldNotBe(first);
        (await Grain.Read()).ShouldBe((100, 0, true, "2"));
        await Grain.Add(1);
        (await Grain.Read()).Amount.ShouldBe(101);
    }

    [Fact]
    public async Task Conflict_ThatTheGrainHandles_DoesNotEndTheActivation()
    {
        await Grain.Add(1);
        var first = await Grain.Activation();
        await UpdateRowAsync("version = version + 1");

        (await Grain.AddAndCatch(1)).ShouldBe(nameof(InconsistentStateException));

        (await Grain.Activation()).ShouldBe(first);
    }

    [Fact]
    public async Task FirstWrite_ThatAnotherWriterWon_IsAConflict_AndThereIsOneRow()
    {
        await Grain.Read();
        await using var otherCluster = await EngineHost.StartAsync(engine.Connection);
        await otherCluster.Grains.GetGrain<IAccountGrain>(_key).Add(1);

        await Should.ThrowAsync<InconsistentStateException>(Grain.Add(2));

        (await ScalarAsync("count(*)")).ShouldBe(1L);
        (await Grain.Read()).Amount.ShouldBe(1);
    }

    [Fact]
    public async Task Write_ThatFailed_LeavesWhatWasStored_AfterReactivation()
    {
        await Grain.Add(5);
        await ExecuteAsync(
            $"""
            create function refuse() returns trigger language plpgsql as $$ begin raise 'disk full'; end $$;
            create trigger refuse before update on orleansstorage for each row when (old.grainidextensionstring = '{_key}') execute function refuse();
            """);

        var failure = await Should.ThrowAsync<OrleansException>(Grain.Add(7));
        failure.ShouldNotBeOfType<InconsistentStateException>();
        failure.ToString().ShouldContain("disk full");
        await ExecuteAsync("drop trigger refuse on orleansstorage");
        await EndAsync();

        (await Grain.Read()).ShouldBe((5, 1, true, "1"));
        await Grain.Add(1);
        (await Grain.Read()).Amount.ShouldBe(6);
    }

    [Fact]
    public async Task Clear_KeepsTheVersion_SoThatALateWriterIsRefused()
    {
        await Grain.Add(5);

        await Grain.Clear();

        (await Grain.Read()).ShouldBe((0, 0, false, "2"));
        await EndAsync();
        (await Grain.Read()).ShouldBe((0, 0, false, "2"));
        await Grain.Add(3);
        (await Grain.Read()).ShouldBe((3, 1, true, "3"));
    }

    [Fact]
    public async Task Row_HasTheKeyColumnsAndTheJsonThatBothEnginesRead()
    {
        await Grain.Add(5);

        (await ScalarAsync("concat_ws(' ', grainidn0, grainidn1, graintypehash, serviceid, version)")).ShouldBe("0 0 -201589510 contract 1");
        (await ScalarAsync("convert_from(payloadbinary, 'UTF8')")).ShouldBe("""{"Amount":5,"Entries":["\u002B5"]}""");
    }

    private async Task EndAsync()
    {
        await Grain.End();
        await engine.Probe.Next($"gone {_key}");
    }

    private Task UpdateRowAsync(string change) => ExecuteAsync($"update orleansstorage set {change} where grainidextensionstring = '{_key}' and graintypestring = 'account'");

    private async Task<object?> ScalarAsync(string expression)
    {
        await using var command = Database.CreateCommand($"select {expression} from orleansstorage where grainidextensionstring = '{_key}' and graintypestring = 'account'");
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
