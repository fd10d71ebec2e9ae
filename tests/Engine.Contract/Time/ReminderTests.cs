using Npgsql;

namespace CocoonPool.Engine.Contract;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    Task Forget(string name);

    Task<string[]> Names();
}

public sealed class ReminderGrain(Probe probe) : Grain, IReminderGrain, IRemindable
{
    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<string[]> Names() => [.. (await this.GetReminders()).Select(r => r.ReminderName).Order(StringComparer.Ordinal)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Tell($"reminded {this.GetPrimaryKeyString()} {reminderName}", $"{status.Period} {status.CurrentTickTime >= status.FirstTickTime}");
        return Task.CompletedTask;
    }
}

public sealed class ReminderTests(EngineFixture engine)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private readonly string _key = $"reminder-{Guid.NewGuid()}";

    private IReminderGrain Grain => engine.Grains.GetGrain<IReminderGrain>(_key);

    [Fact]
    public async Task Reminder_ComesWhenDue_AndAgainEveryPeriod()
    {
        await Grain.Remind("tick", TimeSpan.Zero, Period);

        (await engine.Probe.Next($"reminded {_key} tick")).ShouldBe($"{Period} True");
        await engine.Probe.Next($"reminded {_key} tick");
        await Grain.Forget("tick");
    }

    [Fact]
    public async Task Reminders_AreListedByName_UntilTheyAreForgotten()
    {
        var hour = TimeSpan.FromHours(1);
        await Grain.Remind("b", hour, hour);
        await Grain.Remind("a", hour, hour);
        await Grain.Remind("a", hour, hour * 2);

        (await Grain.Names()).ShouldBe(["a", "b"]);
        await Grain.Forget("a");
        (await Grain.Names()).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Reminder_WithAPeriodBelowTheMinimum_IsRefused()
        => (await Should.ThrowAsync<ArgumentException>(Grain.Remind("fast", TimeSpan.Zero, TimeSpan.FromMilliseconds(1)))).Message.ShouldContain("minimum");

    [Fact]
    public async Task Reminder_SurvivesARestart_AndCatchesUp()
    {
        var connection = await EngineFixture.NewDatabaseAsync(nameof(ReminderTests));
        await using (var before = await EngineHost.StartAsync(connection))
        {
            await before.Grains.GetGrain<IReminderGrain>("restarted").Remind("tick", TimeSpan.FromMilliseconds(1), Period);
            await before.Probe.Next("reminded restarted tick");
        }

        await using var after = await EngineHost.StartAsync(connection);

        await after.Probe.Next("reminded restarted tick");
    }

    [Fact]
    public async Task ReminderRow_IsLaidOutForBothEngines()
    {
        await Grain.Remind("row", TimeSpan.FromHours(1), TimeSpan.FromHours(2));

        await using var database = NpgsqlDataSource.Create(engine.Connection);
        await using var command = database.CreateCommand(
            $"select concat_ws(' ', serviceid, grainid, remindername, period, version) from orleansreminderstable where grainid like '%/{_key}'");
        (await command.ExecuteScalarAsync()).ShouldBe($"contract reminder/{_key} row 7200000 0");
    }
}
