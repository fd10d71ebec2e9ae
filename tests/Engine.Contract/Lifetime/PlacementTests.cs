using Npgsql;

namespace CocoonPool.Engine.Contract;

public interface IPlacedGrain : IGrainWithIntegerKey
{
    Task<int> Silo();
}

[RandomPlacement]
public sealed class PlacedGrain(SiloNumber silo) : Grain, IPlacedGrain
{
    public Task<int> Silo() => Task.FromResult(silo.Value);
}

/// <summary>The fixture is what it claims to be: an engine on as many silos as it says, which know each other through the database.</summary>
public sealed class PlacementTests(EngineFixture engine)
{
    [Fact]
    public async Task Grains_LiveOnEverySilo_AndAreCalledThereFromTheFirst()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 64).Select(key => engine.Grains.GetGrain<IPlacedGrain>(key).Silo()));

        silos.Distinct().Order().ShouldBe(Enumerable.Range(0, EngineHost.Silos));
    }

    [Fact]
    public async Task Members_AreInTheDatabase_WhereTheEngineFormsAClusterAtAll()
    {
        const int active = 3;
        await using var database = NpgsqlDataSource.Create(engine.Connection);
        await using var command = database.CreateCommand($"select count(*) from orleansmembershiptable where status = {active} and deploymentid like 'contract-%' group by deploymentid order by 1 desc");

        var members = await command.ExecuteScalarAsync();

        (members is long count ? count : 0).ShouldBe(EngineHost.Silos == 1 ? 0 : EngineHost.Silos);
    }
}
