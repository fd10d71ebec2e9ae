using CocoonPool.Domain.Ledger;
using CocoonPool.Engine.Deterministic;
using CocoonPool.Grains;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Pool;
using CocoonPool.PoolSimulation.Chain;
using CocoonPool.PoolSimulation.Pool;
using CocoonPool.PoolSimulation.Workload;

namespace CocoonPool.PoolSimulation.Tests;

/// <summary>What a store refused is not true, whatever the grain had in memory when it asked.</summary>
public sealed class FailedWrites
{
    private static readonly Faults StoresAreAway = new() { StoreRefused = 1 };

    private readonly SimulatedPool _pool = new(1, null);

    private IPoolGrain Pool => _pool.Simulation.Grains.GetGrain<IPoolGrain>(PoolTimes.PoolId);

    private IParticipantGrain Participant => _pool.Simulation.Grains.GetGrain<IParticipantGrain>(GrainKeys.Participant(PoolTimes.PoolId, Member.AddressOf(0)));

    [Fact]
    public void Pause_WhenItCouldNotBeWritten_IsNotAnsweredFromMemory() => _pool.Simulation.Run(async () =>
    {
        await Create();

        await Refused(() => Pool.Pause("test"));

        ((await Pool.Terms())!.State.ToString()).ShouldBe("Active");
    });

    [Fact]
    public void ChangeSettings_WhenItCouldNotBeWritten_IsNotAnsweredFromMemory() => _pool.Simulation.Run(async () =>
    {
        await Create();
        await Participant.Register();

        await Refused(() => Participant.ChangeSettings(new(Nanotons.FromTon(7))));

        (await Participant.Describe())!.MinPayout.ShouldBe(PoolTimes.Parameters.MinPayout);
    });

    [Fact]
    public void Register_WhenTheDirectoryCouldNotBeWritten_IsRepairedByTheRepeat() => _pool.Simulation.Run(async () =>
    {
        await Create();
        await Participant.Register();
        _pool.Database.Participants.Clear();

        await Participant.Register();

        _pool.Database.Participants.ShouldContainKey(Member.AddressOf(0));
    });

    private async Task Create() =>
        (await Pool.Create(new("Test", ChainModel.Operator, PoolParametersJson.Write(PoolTimes.Parameters), PoolTimes.Grace))).Accepted.ShouldBeTrue();

    private async Task Refused(Func<Task> ask)
    {
        _pool.Simulation.Faults = StoresAreAway;
        var isRefused = false;
        try
        {
            await ask();
        }
        catch (Exception failure) when (failure is OrleansException or SimulatedFaultException)
        {
            isRefused = true;
        }

        _pool.Simulation.Faults = Faults.None;
        isRefused.ShouldBeTrue();
    }
}
