import sys; sys.path.insert(0,'/work/main/tests/service')
import time
from uuid import uuid4
import pytest
from agencies import *
@pytest.mark.parametrize("n,score",[(1000,95),(1000,10),(5000,10)])
async def test_p(services_here,n,score):
    async with working(services_here) as b:
        e=await b.engaged(); a=await b.as_(CLERK)
        body=audit(e,results=[result(str(i),score,note="x"*50) for i in range(n)])
        t=time.perf_counter(); r=await a.put(f"/audits/{uuid4()}",json=body); t=time.perf_counter()-t
        print("TOOK",n,score,r.status_code,round(t,3),len(r.request.content))
