using Npgsql;

namespace CocoonPool.Engine.Contract;

public sealed class SchemaTests
{
    [Fact]
    public async Task Schema_GoesDownAndUpAgain()
    {
        await using var database = NpgsqlDataSource.Create(await EngineFixture.NewDatabaseAsync(nameof(SchemaTests)));

        foreach (var direction in (string[])["down", "up"])
        {
            await using var command = database.CreateCommand(EngineFixture.Schema(direction));
            await command.ExecuteNonQueryAsync();
        }

        await using var count = database.CreateCommand("select count(*) from orleansquery");
        (await count.ExecuteScalarAsync()).ShouldBe(20L);
    }
}
