using CocoonPool.Domain.Attestation;

namespace CocoonPool.Domain.Tests.Attestation;

public class AttestationRulesTests
{
    [Theory]
    [InlineData(AttestationFault.Lost, false)]
    [InlineData(AttestationFault.ImageNotAllowed, false)]
    [InlineData(AttestationFault.Debuggable, false)]
    [InlineData(AttestationFault.BadSignature, true)]
    [InlineData(AttestationFault.OtherKey, true)]
    [InlineData(AttestationFault.OldNonce, true)]
    public void Fault_IsAnOffence_OnlyWhereSomebodyMustHaveDeceived(AttestationFault fault, bool isOffence) =>
        AttestationRules.IsOffence(fault).ShouldBe(isOffence);

    [Fact]
    public void EveryFault_HasItsOwnWords()
    {
        Enum.GetValues<AttestationFault>().Select(AttestationRules.Describe).ShouldBeUnique();
        Should.Throw<ArgumentOutOfRangeException>(() => AttestationRules.Describe((AttestationFault)99));
    }
}
